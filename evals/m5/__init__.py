"""M5 (Walmart), one store and department: daily sales scored as the M5 competition did."""
