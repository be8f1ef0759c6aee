// A key of texts that are put, got, and appended to, as a register. Where every text that was got
// is put together from texts put and appended in exactly one way, it says which append came after
// which: such an append is a compare-and-set from the one text to the other, and one that was never
// got leaves a text that nobody wants. So what is known of registers holds for texts.
//
//   if (auto same = cell.as_register(calls)) linearize(same->model, same->calls, meter);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/hash.h"
#include "sim/check/linearizability.h"
#include "sim/check/models.h"

namespace seedbed {

/// Calls of a register, with the acts that they point to, and those of the texts that they stand
/// for.
struct RegisterCalls {
  RegisterCells model;
  std::vector<Act> acts;
  std::vector<Call<Act>> calls;
  std::vector<std::uint32_t> source;
  /// Several appends are of the same text, and nobody can tell which of them was got where. Each
  /// place then has one of its own that lasts as long as all of them: what is wrong with these
  /// calls is wrong with the texts, but what is right with them need not be.
  bool relaxed = false;
};

/// What a key of texts does: `x` and `n` are numbers of texts.
struct TextCell {
  using State = std::string;
  using Op = Act;
  using Calls = std::span<const Call<Act>>;
  enum Code : std::uint32_t { kGet, kPut, kAppend, kCas };

  std::string initial;
  std::vector<std::string_view> texts;

  State init() const { return initial; }
  std::uint64_t hash(const State& s) const { return hash_text(s); }
  bool is_read(const Act& a) const { return a.code == kGet; }
  std::optional<State> step(const State& s, const Act& a) const {
    const std::string_view x = texts[a.x];
    switch (a.code) {
      case kGet: return s == x ? std::optional(s) : std::nullopt;
      case kPut: return State(x);
      case kAppend: return s + std::string(x);
      default:
        if (s != x) return std::nullopt;
        return State(texts[static_cast<std::size_t>(a.n)]);
    }
  }

  /// None if some text can be put together in two ways, if something is compared and set, or if
  /// both appends and puts are of the same text.
  std::optional<RegisterCalls> as_register(Calls calls) const;
  /// Which puts and appends are of texts that are in none that was got: after them nothing was got
  /// until the next put, so an order is right without them, too.
  std::vector<bool> unseen(Calls calls) const;
  /// The text after these of the calls.
  State after(std::span<const std::uint32_t> order, Calls calls) const;
};

}  // namespace seedbed
