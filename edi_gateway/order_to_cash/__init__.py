"""The life of an order, from 850 to payment, as values and pure functions: no database, no web, no wire.

advice, facts       what an ERP tells us, in neutral words
thread, progress    one order's balances, and how each document moves them
turnaround          855, 856 and 810 drafted from the order they answer
rules               may we take this order as it stands?
compliance          may this document leave as it stands?
receivable, cash    what we are owed, what an 820 says of it, what came to the bank
money, window, sscc the small arithmetic underneath
"""
