"""Ways on which bytes get to a printer and its answers come back."""
