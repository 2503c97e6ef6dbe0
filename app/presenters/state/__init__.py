"""What screens show, as frozen values: presenters make them, views draw them, and neither reads anything else."""
