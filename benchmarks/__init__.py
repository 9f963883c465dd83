"""Measurements of speed, memory and accuracy, side by side with what people use today."""
