// A source file as the lint sees it: lines, includes and tokens. Comments are gone; a text or a
// character is one token whose content nobody looks at, so a rule never trips over prose.
//
//   Source s = parse("sim/world/clock.h", text);
//   s.tokens[0].text; s.tokens[0].line;
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seedbed::lint {

struct Token {
  enum class Kind { kWord, kNumber, kText, kMark };
  Kind kind = Kind::kMark;
  std::string text;  // "" of a kText; `::`, `->`, `&&`, `||` and what ends in `=` are one mark
  int line = 0;
  bool directive = false;  // part of a preprocessor line

  bool is(std::string_view s) const { return kind != Kind::kText && text == s; }
};

struct Include {
  std::string path;
  bool angled = false;
  int line = 0;
};

struct Source {
  std::string path;  // from the root of the repository: "sim/base/time.h"
  std::string text;
  std::vector<std::string> lines;
  std::vector<Token> tokens;
  std::vector<Include> includes;

  bool in(std::string_view folder) const { return path.starts_with(folder); }
  bool header() const { return path.ends_with(".h"); }
};

struct Finding {
  std::string path;
  int line = 0;
  std::string message;
};
using Findings = std::vector<Finding>;

Source parse(std::string path, std::string text);

/// The .h and .cpp files below the folders of `root` that hold C++, sorted by path.
std::vector<Source> read_tree(const std::string& root);

}  // namespace seedbed::lint
