"""The demo: invented people, prices, customers and one finished task."""
