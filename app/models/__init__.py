"""Tables, one file an aggregate; `database.py` is the only door to them, `tables.py` knows them all."""
