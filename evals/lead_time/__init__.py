"""Lead times of real vendors, order by order: the harness of SCMS deliveries."""
