// A key of texts that are put, got, and appended to, as a register. Where every text that was got
// is put together from texts put and appended in exactly one way, it says which append came after
// which: such an append is a compare-and-set from the one text to the other, and one that was never
// got leaves a text that nobody wants. So what is known of registers holds for texts.
//
//   TextCell says what texts do; reduce_texts(acts, texts) finds the register, if there is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/hash.h"
#include "sim/check/models.h"

namespace seedbed {

/// What a key of texts does, of which nothing else is known: `x` and `n` are numbers of texts.
struct TextCell {
  using State = std::string;
  using Op = Act;
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
};

struct ReducedTexts {
  std::uint32_t initial = 0;
  std::vector<Act> acts;  // of RegisterCells, one for each given
};

/// `required[i]`: acts[i] returned. None if some text can be put together in two ways, if two
/// appends are of the same text, or if something is compared and set.
std::optional<ReducedTexts> reduce_texts(const TextCell& model, const std::vector<Act>& acts,
                                         const std::vector<bool>& required);

}  // namespace seedbed
