# Housecall needs Node and nothing else: it speaks SSH itself, so there is no openssh in the image.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY tools tools
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY LICENSE README.md manifest.yml ./
# Archives and the approval key are written here: mount a volume.
RUN mkdir /data && chown node:node /data
USER node
WORKDIR /data
ENV HOUSECALL_CONFIG=/data/housecall.yaml
EXPOSE 3000
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["start"]
