// A job's word for who its person is counts only where nobody else can have written it.

import { expect, test } from "@jest/globals";
import { withVerifiedRights } from "../../workers/verify-rights.ts";
import { invocation } from "../fakes/toolbox.ts";

const local = { ...invocation("/kb add /etc/passwd"), user: { id: "u", name: "u", isAdmin: true, isLocal: true } };
const admin = { ...local, user: { ...local.user, isLocal: false } };
const terminal = (waits: boolean) => ({ asked: (id: string) => waits && id === local.id });

test.each([
  ["the terminal that asked, over a shared queue", terminal(true), { isPrivate: false }, true],
  ["the terminal's own queue, after a restart", terminal(false), { isPrivate: true }, true],
  ["another terminal's, over a shared queue", terminal(false), {}, false],
  ["a platform's, over a shared queue", {}, {}, false],
  ["a platform's, in a queue of its own", {}, { isPrivate: true }, false],
])("%s", (_, adapter, queue, isHonoured) => {
  const { user } = withVerifiedRights(local, adapter, queue);
  expect(user).toMatchObject({ isLocal: isHonoured, isAdmin: isHonoured });
});

test("whoever claims nothing of the kind is who the platform said", () => {
  expect(withVerifiedRights(admin, {}, {})).toBe(admin);
});
