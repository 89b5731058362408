// Calls of the official Twilio SDK for Node, one a line in, what came of it out.
// A call is a path: names are followed, lists are called with.
"use strict";

const readline = require("node:readline");
const twilio = require("twilio");

function clientOf(wish) {
  const client = twilio(wish.user, wish.password);
  for (const product of ["verify", "lookups", "messaging"]) client[product].baseUrl = wish.base;
  return client;
}

async function followed(found, path) {
  let owner = null;
  for (const step of path) {
    if (Array.isArray(step)) {
      found = found.apply(owner, step);
    } else {
      owner = found;
      found = found[step];
    }
  }
  return found;
}

async function answered(wish) {
  try {
    const result = await followed(clientOf(wish), wish.path);
    return { result: Array.isArray(result) ? result : result.toJSON ? result.toJSON() : result };
  } catch (error) {
    const { code, status, details } = error;
    return { raised: error.constructor.name, code, status, details };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answered(JSON.parse(line)))}\n`);
  }
})();
