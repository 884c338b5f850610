"""What travels through Celery: a job's id, and the sweeper's tick."""

from celery import shared_task

from lisapp.jobs import services


@shared_task(name="jobs.run")
def run_job(job_id: str) -> None:
    """Do the job, if nobody else has claimed it."""
    services.run(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> int:
    """Send again what no worker holds."""
    return services.sweep()
