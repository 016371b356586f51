"""The first schema by subject, as its migration makes it. What is here stays as it is: changes are migrations of their own."""
