# One image for both processes: `npm run listen` and `npm run work` differ only in the command.
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /app

# First what seldom changes, so that a change of the source does not fetch the packages again.
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
RUN npm ci --omit=dev && npm cache clean --force

COPY src ./src
COPY adapters ./adapters
COPY workers ./workers

RUN mkdir /data && chown node:node /data
USER node
ENV HEED_DATA_DIR=/data \
    HEED_OPS_HOST=0.0.0.0 \
    HEED_OPS_PORT=9090
VOLUME /data
EXPOSE 9090

# Node itself is process 1, so that SIGTERM reaches it.
CMD ["node", "--disable-warning=ExperimentalWarning", "workers/main.ts"]
