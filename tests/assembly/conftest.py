"""Hypothesis in the law's tests: no deadline, for machines that are busy with other things."""

from hypothesis import HealthCheck, settings

settings.register_profile("assembly", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("assembly")
