"""What runs inside the machine: init, the supervisor that speaks with the page, the forge, the cells' kernel."""
