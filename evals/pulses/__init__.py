"""Pulses injected into real days that are held back: found, false alarms, pinball."""
