// Whatever dies, and whenever: one question, one complete answer.
// `npm run chaos` asks 500 questions; CHAOS_SEED repeats a run, CHAOS_QUESTIONS sets another number.

import { expect, test } from "@jest/globals";
import type { AnswerStream } from "../fakes/chat-completions.ts";
import { describeWithRedis } from "../fakes/redis-server.ts";
import { buildHouse, type StandInHouse } from "../fakes/stand-in/house.ts";
import type { Ask } from "../fakes/stand-in/platform-server.ts";
import { eventually, pause } from "../contracts/queue.ts";

const QUESTIONS = Number(process.env["CHAOS_QUESTIONS"] ?? 60);
const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);
const LIMIT_MS = 60_000 + QUESTIONS * 1000;

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WORDS = ["one", "two", "three", "four"];
const completeAnswer = (question: string) => `Begin ${question} ${WORDS.join(" ")} end ${question} [1].`;
const questionIn = (asked: string) => /What about (q\d+)\?/.exec(asked)?.[1] ?? "";

async function sayAll(stream: AnswerStream, question: string, wait = 10): Promise<void> {
  stream.say(`Begin ${question}`);
  for (const word of WORDS) {
    await pause(wait);
    stream.say(` ${word}`);
  }
  stream.say(` end ${question} [1].`).end();
}

/** What stands in the chat, question by question: how often, in what state, with what words. */
function standing({ chat }: StandInHouse, questions: readonly string[]) {
  return questions.map((question) =>
    chat.messages.filter((message) => message.question === question).map(({ state, text }) => [state, text]),
  );
}

const exactlyOnce = (questions: readonly string[]) => questions.map((question) => [["done", completeAnswer(question)]]);

const isDone = (app: StandInHouse, question: string) =>
  app.chat.messages.some((message) => message.question === question && message.state === "done");

describeWithRedis("chaos", () => {
  /** Each kills the worker that is at this very point, once. */
  const INSTANTS: readonly [name: string, hits: (ask: Ask) => boolean][] = [
    ["between the post and its receipt", ({ method }) => method === "POST"],
    ["in the middle of the stream", ({ method, state }) => method === "PUT" && state === "working"],
    ["after the last edit, before the job is completed", ({ state }) => state === "done"],
  ];

  test.each(INSTANTS)("a worker killed %s leaves one complete answer", async (_, hits) => {
    await using app = await buildHouse((stream, asked) => sayAll(stream, questionIn(asked), 60));
    await Promise.all([app.hire(), app.hire()]);
    let killed = 0;
    app.chat.intercept = (ask) => {
      if (killed > 0 || !hits(ask)) return true;
      killed = ask.worker;
      process.kill(killed, "SIGKILL");
      return false;
    };
    await app.ask("q1");
    await eventually(() => killed);
    await eventually(() => isDone(app, "q1"));
    await pause(500);
    expect(standing(app, ["q1"])).toEqual(exactlyOnce(["q1"]));
  });

  test("a worker killed before it posted anything leaves one complete answer", async () => {
    await using app = await buildHouse((stream, asked) => sayAll(stream, questionIn(asked)));
    await app.ask("q1");
    const worker = await app.hire();
    worker.kill("SIGKILL");
    await app.hire();
    await eventually(() => isDone(app, "q1"));
    expect(standing(app, ["q1"])).toEqual(exactlyOnce(["q1"]));
  });

  test("a worker asked to leave hands its answer over, and the same message goes on", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await using app = await buildHouse(
      async (stream, asked, n) => {
        if (n === 1) {
          stream.say("Begin q1 one");
          await held;
        } else await sayAll(stream, questionIn(asked));
      },
      { HEED_DRAIN_SECONDS: "0.2" },
    );
    const worker = await app.hire();
    await app.ask("q1");
    await eventually(() => app.chat.messages.some(({ text }) => text.includes("one")));
    worker.kill("SIGTERM");
    await app.hire();
    await eventually(() => isDone(app, "q1"));
    release();
    expect(standing(app, ["q1"])).toEqual(exactlyOnce(["q1"]));
  });

  test(`${QUESTIONS} questions, workers killed, Redis restarted, the vendor failing (CHAOS_SEED=${SEED})`, async () => {
    const random = createRandom(SEED);
    const failed = new Set<string>();
    await using app = await buildHouse(
      async (stream, asked) => {
        const question = questionIn(asked);
        const fault = random();
        // Once a question: the queue's five tries are also spent on the killings.
        if (fault > 0.3 || failed.has(question)) return sayAll(stream, question);
        failed.add(question);
        if (fault < 0.1) return stream.refuse(429, { "retry-after": "1" });
        if (fault < 0.2) return stream.refuse(500);
        stream.say(`Begin ${question} one`);
        await pause(20);
        stream.break();
      },
      { HEED_CONCURRENCY: "8" },
    );
    await Promise.all([app.hire(), app.hire()]);
    const questions = Array.from({ length: QUESTIONS }, (_, i) => `q${i}`);
    const asking = (async () => {
      for (const question of questions) {
        await app.ask(question);
        await pause(random() * 40);
      }
    })();
    const kills = Math.max(3, Math.round(QUESTIONS / 50));
    for (let kill = 0; kill < kills; kill++) {
      await pause(500 + random() * 2000);
      app.workers.splice(Math.floor(random() * app.workers.length), 1)[0]!.kill("SIGKILL");
      if (kill % 3 === 1) {
        await app.redis.stop("SIGKILL");
        await pause(random() * 1000);
        await app.redis.start();
      }
      await app.hire();
    }
    await asking;
    const undone = () => questions.filter((question) => !isDone(app, question));
    await eventually(() => undone().length === 0, LIMIT_MS - 20_000).catch((error: unknown) => {
      const lines = app.log().split("\n");
      const told = undone().map((question) => [
        ...app.chat.messages
          .filter((message) => message.question === question)
          .map((message) => JSON.stringify(message)),
        ...lines.filter((line) => line.includes(`"${question}"`)).map((line) => line.slice(0, 600)),
      ]);
      throw new Error(`without an answer: ${undone().join(" ")}\n${told.flat().join("\n")}`, { cause: error });
    });
    await pause(1000);
    expect(standing(app, questions)).toEqual(exactlyOnce(questions));
  });
});
