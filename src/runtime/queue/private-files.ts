// Makes PGlite's files readable by their owner alone.

import type { NodeFS } from "@electric-sql/pglite/nodefs";

/** The part of Emscripten's file system that sets the rights of a file. */
interface Rights {
  setattr(node: unknown, attributes: { mode?: number }): void;
}

const OTHERS = 0o077;

/** PGlite sets the rights of what it unpacks and rewrites by itself, past the process's umask: for everyone. */
export async function openPrivateFiles(folder: string): Promise<NodeFS> {
  const { NodeFS } = await import("@electric-sql/pglite/nodefs");
  return new (class extends NodeFS {
    override async init(...given: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
      const { emscriptenOpts } = await super.init(...given);
      const restrict = (module: unknown) => close((module as { NODEFS: { node_ops: Rights } }).NODEFS.node_ops);
      return { emscriptenOpts: { ...emscriptenOpts, preRun: [restrict, ...(emscriptenOpts.preRun ?? [])] } };
    }
  })(folder);
}

function close(rights: Rights): void {
  const setattr = rights.setattr.bind(rights);
  rights.setattr = (node, attributes) => {
    const { mode } = attributes;
    setattr(node, mode === undefined ? attributes : { ...attributes, mode: mode & ~OTHERS });
  };
}
