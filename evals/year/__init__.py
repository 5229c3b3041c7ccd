"""A year of a made-up company, lived week by week through the services, beside a tuned rule."""
