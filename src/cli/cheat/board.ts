import type { Sheet } from "./sheet.ts";

export const board: Sheet = Object.freeze({
  name: "board",
  about: "a board, a modem or a sensor on a serial cable",
  examples: [
    { about: "which ports are there, and who has them?", line: "parley ports" },
    {
      about: "a terminal with times; Ctrl-T q quits",
      line: "parley monitor serial:/dev/ttyUSB0 --baud 115200 --timestamps",
    },
    {
      about: "boot until it asks who you are, and keep what it said",
      line: "parley monitor serial:/dev/ttyUSB0 --until 'login: ' --timeout 60s --log boot.log </dev/null",
    },
    {
      about: "an AT command, with all lines of its answer",
      line: "parley ask serial:/dev/ttyUSB0 AT+GMR --newline crlf --until '/^(OK|ERROR)$/'",
    },
    {
      about: "bytes in hexadecimal, such as Modbus",
      line: "parley ask serial:/dev/ttyUSB0 --hex '01 03 00 00 00 01 84 0a' -d raw",
    },
    {
      about: "a file, not too fast for it",
      line: "parley send serial:/dev/ttyUSB0 --line-delay 20ms < settings.txt",
    },
  ],
});
