// The history in Jepsen's form: one EDN map a line, `:invoke` then `:ok`, `:fail` or `:info`,
// paired by process. A process is of one client and has one operation open at a time; one that
// ended
// `:info` is never used again, so an open-loop client appears as several.
//
// What nobody asked for (`History::note`) has no process.
//
//   {:index 0, :time 183000000, :process 0, :type :invoke, :f :write, :key 2, :value 17}
//   {:index 1, :time 184000000, :type :ok, :f :crash, :value n3}
#pragma once

#include <string>

#include "sim/world/history.h"

namespace seedbed {

std::string jepsen_history(const History& history);

}  // namespace seedbed
