"""Commands about orders, goods and money."""
