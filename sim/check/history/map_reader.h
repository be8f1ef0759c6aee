// Op maps as Jepsen writes them, one after another: `{...}` again and again, or all in one vector
// or list, in EDN or in JSON. EDN's tags are left out (`#jepsen.history.Op{...}` is its map), so
// are
// `#_` forms, metadata and comments. Nothing is kept from one map to the next.
//
//   for_each_map(text, Syntax::kEdn, [&](const Value& op) {
//     if (const Value* f = op.get("f")) count(*f);             // op.offset(): where it stands
//   });                                                        // throws BadHistory
#pragma once

#include <functional>
#include <string_view>

#include "sim/check/history/value.h"

namespace seedbed::history {

enum class Syntax : std::uint8_t { kEdn, kJson };

/// How deep values may lie within one another.
constexpr std::size_t kDeepest = 64;

/// Values are the visitor's until it returns (Arena::copy keeps one), and may point into `text`.
/// Throws BadHistory at the first thing that is no map, or not this syntax.
void for_each_map(std::string_view text, Syntax syntax,
                  const std::function<void(const Value& map)>& visit);

/// Of a map that should be an operation, and has no :type.
[[noreturn]] void refuse_untyped(const Value& map);

}  // namespace seedbed::history
