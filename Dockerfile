# The web service: gunicorn over the installed wheel, as a user without rights.
#
#   docker build --tag vote .
#   docker run --publish 8000:8000 --volume vote-data:/data --env VOTE_ORIGIN=vote.example vote
#
# Settings: VOTE_ORIGIN, DATABASE_URL (else the embedded database in /data), VOTE_BEHIND_PROXY=1
# behind a reverse proxy, WEB_CONCURRENCY (processes). /data holds the keys: keep it, back it up.

FROM node:22-slim AS browser
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev
COPY tools/vendor.mjs tools/
COPY static static
RUN npm run vendor

FROM python:3.13-slim AS wheel
WORKDIR /build
COPY requirements requirements
RUN python -m venv /opt/vote \
 && /opt/vote/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/run.txt \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY vote vote
COPY templates templates
COPY migrations migrations
COPY --from=browser /build/static static
RUN /opt/vote/bin/pybabel compile --directory vote/web/translations \
 && /opt/build/bin/python -m hatchling build --target wheel \
 && /opt/vote/bin/pip install --no-cache-dir --no-deps --no-index dist/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin vote \
 && install --directory --owner vote --mode 700 /data
COPY --from=wheel /opt/vote /opt/vote
ENV PATH=/opt/vote/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VOTE_DATA=/data
USER vote
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/', timeout=4)"]
CMD ["gunicorn", "--config", "python:vote.serving", "--bind", "0.0.0.0:8000"]
