// Jest's transformer is Node's own type stripping, so a test runs the very code that `node file.ts` runs: same lines, same columns.

const { createHash } = require("node:crypto");
const { stripTypeScriptTypes } = require("node:module");

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
  getCacheKey: (source, file, { instrument }) =>
    createHash("sha1")
      .update([process.version, file, String(instrument), source].join("\0"))
      .digest("hex"),
};
