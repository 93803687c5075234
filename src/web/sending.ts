import { type Peer, Server } from "../../mod.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { sayingsOf } from "./doings.ts";
import type { ObjectIds } from "./object_ids.ts";
import { LONG } from "./page_said.ts";
import type { SendOrder, SendResult } from "./page/wire.ts";
import { type Masks, plainValue } from "./plain_value.ts";
import { argumentsOf, messageOf, OrderError } from "./send_order.ts";
import type { WebSource } from "./web_source.ts";
import { targetOf } from "./web_target.ts";

/**
 * Does what the send box asks for. Never rejects: what went wrong is in the result.
 *
 * @param signal Ends the wait for an answer.
 */
export async function carryOut(
  order: SendOrder,
  source: WebSource,
  ids: ObjectIds,
  signal: AbortSignal,
): Promise<SendResult> {
  try {
    const target = targetOf(order, source, ids);
    return target instanceof Server
      ? await tellAll(order, target, signal)
      : await tell(order, target, signal, source.masks);
  } catch (error) {
    const text = error instanceof OrderError
      ? escapeText(error.message)
      : showError(error instanceof Error ? error : new Error(String(error)), false);
    return { ok: false, text: source.masks?.mask(text) ?? text };
  }
}

async function tell(
  order: SendOrder,
  peer: Peer,
  signal: AbortSignal,
  masks: Masks | undefined,
): Promise<SendResult> {
  const { isText = false } = sayingsOf(peer.dialect);
  const begunAt = performance.now();
  switch (order.doing) {
    case "send":
      await peer.send(messageOf(order, isText), { signal });
      return { ok: true, text: "sent" };
    case "action":
      await peer.action(order.name, argumentsOf(order), { signal });
      return { ok: true, text: `action ${escapeText(order.name)} sent` };
    case "ask":
      return answer(await peer.ask(messageOf(order, isText), { signal }), begunAt, masks);
    case "request":
      return answer(await peer.request(order.name, argumentsOf(order), { signal }), begunAt, masks);
  }
}

function answer(value: unknown, begunAt: number, masks: Masks | undefined): SendResult {
  const ms = performance.now() - begunAt;
  const text = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return { ok: true, text, isAnswer: true, value: plainValue(value, LONG, masks).value };
}

/** All peers of a server: messages and actions, since there is one place for an answer. */
async function tellAll(order: SendOrder, server: Server, signal: AbortSignal): Promise<SendResult> {
  const { size } = server.peers;
  if (size === 0) throw new OrderError("Cannot send: nobody is connected to this server");
  if (order.doing === "ask" || order.doing === "request") {
    throw new OrderError(`Cannot ${order.doing} all ${size} peers at once: choose one of them`);
  }
  if (order.doing === "send") {
    const reached = server.broadcast(messageOf(order, sayingsOf(server.dialect).isText ?? false));
    return { ok: reached > 0, text: `sent to ${reached} of ${size} peers` };
  }
  const args = argumentsOf(order);
  const calls = [...server.peers].map((peer) => peer.action(order.name, args, { signal }));
  const results = await Promise.allSettled(calls);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { ok: true, text: `action ${escapeText(order.name)} sent to ${size} peers` };
}
