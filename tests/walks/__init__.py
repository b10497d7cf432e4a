"""Random walks through the portal: people join and leave, agencies merge, reports move, by everybody's hand.

``rules.py`` says what the field's rules allow (domain.md §8.1), on plain names and independently of the portal's code;
``machine.py`` lets hypothesis choose who tries what, holds every answer to those rules, and looks after each step at
what everybody sees. `make walks TIMES=10000` walks many; tests/test_walks.py a few.
"""
