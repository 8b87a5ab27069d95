import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { chapters, envExample, licences, readmeFromCode } from "../tools/papers.ts";

const MEND = "run `node tools/papers.ts` and commit what it writes";

test(".env.example says what the schemas say", () => {
  expect({ text: readFileSync(".env.example", "utf8"), MEND }).toEqual({ text: envExample(), MEND });
});

test("the README says what the schemas and the formats say", () => {
  const readme = readFileSync("README.md", "utf8");
  expect({ text: readme, MEND }).toEqual({ text: readmeFromCode(readme), MEND });
});

test("docker-compose.yml hands every variable on, but those that the composition decides", () => {
  const composed = readFileSync("docker-compose.yml", "utf8");
  const missing = chapters()
    .flatMap(({ variables }) => variables.map(({ name }) => name))
    .filter((name) => !composed.includes(`  ${name}: `) && !["REDIS_SENTINELS", "REDIS_CLUSTER"].includes(name));
  expect(missing).toEqual([]);
});

test("every variable is explained in a sentence", () => {
  const unexplained = chapters().flatMap(({ variables }) => variables.filter(({ meaning }) => meaning.length < 10));
  expect(unexplained).toEqual([]);
});

test("every package is listed with its licence", () => {
  expect({ text: readFileSync("docs/licences.md", "utf8"), MEND }).toEqual({ text: licences(), MEND });
  expect(licences()).not.toContain("see its files");
});
