"""The worker: durable jobs, deliveries and reconciling, by one leader at a time."""
