# syntax=docker/dockerfile:1
# Web, worker and scheduler run from this one image, each with its own command (docker-compose.yml).
ARG BASE=python:3.11-slim-bookworm
ARG NODE_BASE=node:20-bookworm-slim

FROM ${NODE_BASE} AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY lisapp/design/build.mjs lisapp/design/build.mjs
COPY lisapp/design/scss lisapp/design/scss
RUN npm run build

FROM ${BASE} AS site
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 OPENBLAS_NUM_THREADS=1 \
    DJANGO_SETTINGS_MODULE=lisapp.settings.production LIS_VAR_DIR=/data LOG_FORMAT=json XDG_CACHE_HOME=/tmp
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /home/lis lis && mkdir /data && chown lis /data
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
COPY --from=assets /build/static/govuk static/govuk
# Collected into the image, not into the data volume. The values are needed to start Django and are kept nowhere.
RUN SECRET_KEY=collect-static-needs-a-key-of-fifty-characters-or-more ALLOWED_HOSTS=localhost \
    DATABASE_URL=sqlite:////tmp/none.sqlite3 CELERY_BROKER_URL=redis://localhost LIS_STATIC_DIR=/app/collected \
    python manage.py collectstatic --noinput
ENV LIS_STATIC_DIR=/app/collected
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "lisapp.health.probe"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "lisapp.wsgi:application"]
