// node-x12: the interchange as a tree (strict: counts and control numbers are checked), no rules of a set.
// PROGRAM TASK FILE WARMUP, as in timing.py. It takes one interchange at a time.
"use strict";
const started = process.hrtime.bigint();
const fs = require("fs");
const path = require("path");
const { X12Parser } = require(path.resolve(process.env.NODE_X12, "node-x12"));

function parse(file) {
  const payloads = fs.readFileSync(file, "latin1").split("ISA*").slice(1).map((rest) => "ISA*" + rest);
  let sets = 0;
  for (const payload of payloads) {
    for (const group of new X12Parser(true).parse(payload).functionalGroups) sets += group.transactions.length;
  }
  return sets;
}

const [file, warmup] = process.argv.slice(3);
parse(warmup);
const begun = process.hrtime.bigint();
const before = process.cpuUsage();
const sets = parse(file);
const used = process.cpuUsage(before);
const wall = Number(process.hrtime.bigint() - begun) / 1e9;
const seconds = (used.user + used.system) / 1e6;
const status = fs.existsSync("/proc/self/status") ? fs.readFileSync("/proc/self/status", "utf8") : "";
const peak = (Number((/VmHWM:\s*(\d+)/.exec(status) || [])[1]) || process.resourceUsage().maxRSS) / 1024;
console.log(JSON.stringify({ seconds, wall, start: Number(begun - started) / 1e9, peak, bytes: fs.statSync(file).size, sets }));
