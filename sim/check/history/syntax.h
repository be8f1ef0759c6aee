// The two syntaxes of op maps, each with a reader of its own; see map_reader.h.
//
//   read_edn("{:type :ok} {:type :info}", visit);    // calls visit twice
#pragma once

#include <functional>
#include <string_view>

#include "sim/check/history/value.h"

namespace seedbed::history {

void read_edn(std::string_view text, const std::function<void(const Value&)>& visit);
/// Any number of documents, one after another.
void read_json(std::string_view text, const std::function<void(const Value&)>& visit);

}  // namespace seedbed::history
