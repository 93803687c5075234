import type { Row } from "./row.ts";
import { broadcast } from "./rows/broadcast.ts";
import { crowd } from "./rows/crowd.ts";
import { echo } from "./rows/echo.ts";
import { idle } from "./rows/idle.ts";
import { leads, lines } from "./rows/lines.ts";
import { oneWay } from "./rows/one_way.ts";
import { requests } from "./rows/requests.ts";
import { roundTrip } from "./rows/round_trip.ts";
import { serialIdle, serialLine, serialOpen } from "./rows/serial.ts";
import { show } from "./rows/show.ts";
import { firstAnswer, startup } from "./rows/startup.ts";

/** Every row, in the order of the report. To add one: a file in `rows/` and a line here. */
export const rows: readonly Row[] = [
  roundTrip,
  requests(64),
  requests(1000),
  oneWay(64),
  oneWay(64 * 1024),
  oneWay(1024 * 1024),
  lines,
  leads,
  show,
  broadcast,
  crowd,
  idle,
  startup,
  firstAnswer,
  echo,
  serialLine("echo"),
  serialLine("read"),
  serialLine("write"),
  serialOpen,
  serialIdle,
];
