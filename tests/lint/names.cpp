// How nondeterminism is kept out: names, real numbers, pointers, and the order of draws.
#include <algorithm>
#include <utility>

#include "tests/lint/rules.h"

namespace seedbed::lint {

namespace {

using Names = std::set<std::string>;

bool simulated(const Source& source) { return source.in("sim/") || source.in("protocols/"); }

const Token& token(const Source& source, std::size_t i) {
  static const Token kNone;
  return i < source.tokens.size() ? source.tokens[i] : kNone;
}

bool after_std(const Source& source, std::size_t i) {
  return i >= 2 && token(source, i - 1).is("::") && token(source, i - 2).is("std");
}

}  // namespace

std::set<std::string> poisoned_names(const Source& poison) {
  Names names;
  const auto& tokens = poison.tokens;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!tokens[i].is("pragma") || !tokens[i + 1].is("GCC") || !tokens[i + 2].is("poison"))
      continue;
    for (std::size_t j = i + 3; j < tokens.size() && tokens[j].line == tokens[i].line; ++j) {
      names.insert(tokens[j].text);
    }
  }
  return names;
}

void forbidden_names(const Source& source, const Names& poisoned, Findings& out) {
  // The library's own random algorithms, hashes that differ between libraries, addresses as
  // numbers.
  static const Names kStd = {"hash", "shuffle", "sample"};
  static const Names kAnywhere = {"uintptr_t", "intptr_t"};
  // libm rounds as it likes; base/fixed_math does not.
  static const Names kLibm = {"acos", "asin",  "atan",   "atan2", "cbrt",  "cos",   "cosh",
                              "erf",  "erfc",  "exp",    "exp2",  "expm1", "hypot", "lgamma",
                              "log",  "log10", "log1p",  "log2",  "pow",   "sin",   "sinh",
                              "tan",  "tanh",  "tgamma", "fma"};
  if (!simulated(source) || source.path == "sim/base/poison.h") return;
  for (std::size_t i = 0; i < source.tokens.size(); ++i) {
    const Token& t = source.tokens[i];
    if (t.kind != Token::Kind::kWord) continue;
    if (poisoned.contains(t.text) || kAnywhere.contains(t.text) ||
        (kStd.contains(t.text) && after_std(source, i))) {
      out.push_back({source.path, t.line, t.text + " is not the same on every run and machine"});
    } else if (kLibm.contains(t.text) && after_std(source, i)) {
      out.push_back({source.path, t.line, "std::" + t.text + ": use sim/base/fixed_math.h"});
    }
  }
}

void real_numbers(const Source& source, Findings& out) {
  // Where a table or a law needs real numbers, or its parameter is read; + - * / and sqrt only.
  constexpr std::string_view kAllowed[] = {"sim/base/fixed_math",       "sim/base/phi_accrual",
                                           "protocols/swim/suspicion",  "sim/world/bursts",
                                           "sim/world/latency",         "sim/workload/",
                                           "sim/scenario/latency_form", "sim/explore/binomial"};
  if (!simulated(source)) return;
  if (std::any_of(std::begin(kAllowed), std::end(kAllowed),
                  [&](std::string_view allowed) { return source.in(allowed); })) {
    return;
  }
  for (const Token& t : source.tokens) {
    if (!t.is("float") && !t.is("double")) continue;
    out.push_back({source.path, t.line, t.text + ": the event path is integers"});
  }
}

/// No pointer is ordered, hashed or printed.
void ordered_pointers(const Source& source, Findings& out) {
  static const Names kOrdered = {"map", "set", "multimap", "multiset", "less", "greater"};
  static const Names kBoostContainers = {"listS",     "setS",      "multisetS",
                                         "hash_setS", "hash_mapS", "hash_multisetS"};
  if (!simulated(source)) return;
  const auto& tokens = source.tokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& t = tokens[i];
    if (t.is("ptr") && i >= 2 && tokens[i - 1].is("::") && tokens[i - 2].is("fmt")) {
      out.push_back({source.path, t.line, "a pointer is printed"});
    } else if (kBoostContainers.contains(t.text) && t.kind == Token::Kind::kWord) {
      out.push_back({source.path, t.line, t.text + ": its vertices are pointers; use vecS"});
    } else if (kOrdered.contains(t.text) && after_std(source, i) && token(source, i + 1).is("<")) {
      // The key: up to the first comma or the end, at this depth of angles.
      int depth = 1;
      std::size_t j = i + 2;
      for (; j < tokens.size() && depth > 0; ++j) {
        if (tokens[j].is("<")) ++depth;
        if (tokens[j].is(">")) --depth;
        if (tokens[j].is(";") || (depth == 1 && tokens[j].is(","))) break;
        if (depth == 1 && tokens[j].is("*")) {
          out.push_back(
              {source.path, t.line, "std::" + t.text + " of pointers: their order is luck"});
          break;
        }
      }
    }
  }
}

namespace {

/// Counts the draws that nothing puts in order: two operands, or two arguments of one call. The
/// language orders `;`, `&&`, `||`, `?:`, the items of a braced list, a condition and its body.
class DrawCounter {
 public:
  DrawCounter(const Source& source, Findings& out) : source_(source), out_(out) {
    frames_.push_back({});
  }

  void run() {
    for (at_ = 0; at_ < source_.tokens.size(); ++at_) {
      if (!source_.tokens[at_].directive) step(source_.tokens[at_]);
    }
  }

 private:
  enum class Kind { kBlock, kBraced, kControl, kDraw, kParens };
  struct Frame {
    Kind kind = Kind::kBlock;
    int argument = 0;  // the most that one operand of && || ?: in this argument draws
    int sum = 0;       // draws of the arguments before
    int piece = 0;     // draws since the last mark that orders
  };

  void step(const Token& t) {
    if (t.is("(") || t.is("[") || t.is("{")) {
      frames_.push_back({kind_of(t)});
    } else if ((t.is(")") || t.is("]") || t.is("}")) && frames_.size() > 1) {
      close();
    } else if (t.is(",")) {
      next_argument();
    } else if (t.is(";") || t.is("else") || t.is("do")) {
      frames_.back() = {frames_.back().kind};
    } else if (t.is("&&") || t.is("||") || t.is("?") || t.is(":")) {
      Frame& frame = frames_.back();
      frame.argument = std::max(frame.argument, std::exchange(frame.piece, 0));
    }
  }

  Kind kind_of(const Token& t) const {
    const Token& before = token(source_, at_ - 1);
    if (t.is("{")) return opens_block(before) ? Kind::kBlock : Kind::kBraced;
    if (t.is("[")) return Kind::kParens;
    if (before.is("if") || before.is("while") || before.is("for") || before.is("switch") ||
        before.is("constexpr")) {
      return Kind::kControl;
    }
    static const Names kDraws = {"next", "below", "chance", "between"};
    const Token& access = token(source_, at_ - 2);
    const bool draw = kDraws.contains(before.text) && (access.is(".") || access.is("->"));
    return draw ? Kind::kDraw : Kind::kParens;
  }

  bool opens_block(const Token& before) const {
    static const Names kBefore = {"",    ")",     "]",        ";",        ":",     "else",   "do",
                                  "try", "const", "noexcept", "override", "final", "mutable"};
    if (before.is("{") || before.is("}")) return frames_.back().kind == Kind::kBlock;
    return before.kind != Token::Kind::kText && kBefore.contains(before.text);
  }

  void next_argument() {
    Frame& frame = frames_.back();
    const int drawn = std::max(frame.argument, frame.piece);
    const bool ordered = frame.kind != Kind::kParens && frame.kind != Kind::kDraw;
    frame = {frame.kind, ordered ? drawn : 0, ordered ? 0 : frame.sum + drawn, 0};
  }

  void close() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    const int inside = frame.sum + std::max(frame.argument, frame.piece);
    Frame& outer = frames_.back();
    switch (frame.kind) {
      case Kind::kBlock: outer.piece = 0; break;  // a lambda's body is no argument
      case Kind::kControl: outer = {outer.kind}; break;
      case Kind::kBraced: add(outer, std::min(inside, 1)); break;
      case Kind::kDraw: add(outer, std::max(inside, 1)); break;
      case Kind::kParens: add(outer, inside); break;
    }
  }

  /// Reports each pair once, at its second draw.
  void add(Frame& frame, int draws) {
    if (draws == 0) return;
    if (frame.sum + frame.piece + draws > 1) {
      out_.push_back({source_.path, source_.tokens[at_].line,
                      "two draws that nothing puts in order: compilers differ; name the first"});
      frame.sum = frame.piece = 0;
      return;
    }
    frame.piece += draws;
  }

  const Source& source_;
  Findings& out_;
  std::size_t at_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace

void one_draw(const Source& source, Findings& out) {
  if (simulated(source)) DrawCounter(source, out).run();
}

}  // namespace seedbed::lint
