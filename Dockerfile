# Wharf in a container. `docker run -p 3000:3000 -v wharf:/app/var IMAGE` opens the demo on a PostgreSQL of its own;
# config/compose.yaml runs server and worker on PostgreSQL and Redis.
# Node 26 is the current LTS line; Debian 12 is what CI runs these steps on (test/image).

FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev

FROM node:26-bookworm-slim
# pg_dump and pg_restore, for `wharf backup` of an external database.
RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt/lists \
    apt-get update -q && apt-get install -q -y --no-install-recommends ca-certificates postgresql-client-15
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY config ./config
COPY migrations ./migrations
COPY connectors ./connectors
COPY src ./src
# One bundle of the sources, which the image's user could not write.
RUN node src/main/launch.mjs --version
RUN mkdir -p var && chown 1000:1000 var
# The image's own user `node`.
USER 1000:1000
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
VOLUME /app/var
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/bin/sh", "-c", "exec node config/tooling/check-health.mjs $PORT"]
ENTRYPOINT ["node", "src/main/launch.mjs"]
CMD ["start"]
