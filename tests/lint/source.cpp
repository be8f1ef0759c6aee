#include "tests/lint/source.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace seedbed::lint {

namespace {

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Splits text into tokens. Knows comments, texts (raw ones too), digit separators and continued
/// lines; does not expand macros.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool looking_at(std::string_view s) const { return text_.substr(at_).starts_with(s); }

  void step() {
    const char c = peek();
    if (c == '\n') {
      ++line_, ++at_;
      directive_ = false;
      fresh_line_ = true;
    } else if (looking_at("\\\n")) {
      ++line_, at_ += 2;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (looking_at("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (looking_at("/*")) {
      skip_to("*/", 2);
    } else {
      if (c == '#' && fresh_line_) directive_ = true;
      fresh_line_ = false;
      take_token(c);
    }
  }

  void take_token(char c) {
    if (const std::size_t prefix = raw_prefix(); prefix != 0) {
      take_raw(prefix);
    } else if (c == '"' || c == '\'') {
      take_quoted(c);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      take_number();
    } else if (is_word_char(c)) {
      const std::size_t start = at_;
      while (is_word_char(peek())) ++at_;
      add(Token::Kind::kWord, text_.substr(start, at_ - start));
    } else {
      take_mark();
    }
  }

  /// The length of `R"` and what may stand before it, or 0.
  std::size_t raw_prefix() const {
    for (const std::string_view prefix : {"R\"", "u8R\"", "LR\"", "uR\"", "UR\""}) {
      if (looking_at(prefix)) return prefix.size();
    }
    return 0;
  }

  void take_raw(std::size_t prefix) {
    add(Token::Kind::kText, {});
    const std::size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string_view delimiter = text_.substr(at_ + prefix, open - at_ - prefix);
    skip_to(")" + std::string(delimiter) + "\"", 0);
  }

  void take_quoted(char quote) {
    add(Token::Kind::kText, {});
    for (++at_; at_ < text_.size() && peek() != quote && peek() != '\n'; ++at_) {
      if (peek() == '\\') ++at_;
    }
    if (peek() == quote) ++at_;
  }

  void take_number() {
    const std::size_t start = at_;
    while (is_word_char(peek()) || peek() == '.' || (peek() == '\'' && is_word_char(peek(1)))) {
      ++at_;
    }
    add(Token::Kind::kNumber, text_.substr(start, at_ - start));
  }

  void take_mark() {
    constexpr std::array<std::string_view, 17> kLong = {
        "<=>", "::", "->", "&&", "||", "==", "!=", "<=", ">=",
        "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^="};
    std::size_t size = 1;
    for (const std::string_view mark : kLong) {
      if (looking_at(mark)) {
        size = mark.size();
        break;
      }
    }
    add(Token::Kind::kMark, text_.substr(at_, size));
    at_ += size;
  }

  void skip_to(std::string_view end, std::size_t from) {
    const std::size_t found = text_.find(end, at_ + from);
    const std::size_t next = found == text_.npos ? text_.size() : found + end.size();
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(next), '\n'));
    at_ = next;
  }

  void add(Token::Kind kind, std::string_view text) {
    tokens_.push_back({kind, std::string(text), line_, directive_});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool directive_ = false;
  bool fresh_line_ = true;
  std::vector<Token> tokens_;
};

/// `#include <x>` and `#include "x"`, with any spaces.
void read_include(const std::string& line, int number, std::vector<Include>& includes) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == line.npos || line[at] != '#') return;
  at = line.find_first_not_of(" \t", at + 1);
  if (at == line.npos || line.compare(at, 7, "include") != 0) return;
  const std::size_t open = line.find_first_of("<\"", at);
  if (open == line.npos) return;
  const bool angled = line[open] == '<';
  const std::size_t close = line.find(angled ? '>' : '"', open + 1);
  if (close == line.npos) return;
  includes.push_back({line.substr(open + 1, close - open - 1), angled, number});
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

}  // namespace

Source parse(std::string path, std::string text) {
  Source source;
  source.path = std::move(path);
  source.text = std::move(text);
  source.tokens = Lexer(source.text).run();
  std::istringstream in(source.text);
  for (std::string line; std::getline(in, line);) {
    source.lines.push_back(line);
    read_include(line, static_cast<int>(source.lines.size()), source.includes);
  }
  return source;
}

std::vector<Source> read_tree(const std::string& root) {
  namespace fs = std::filesystem;
  std::vector<Source> sources;
  for (const char* folder : {"sim", "protocols", "tools", "tests", "bench"}) {
    if (!fs::is_directory(fs::path(root) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) {
      const fs::path& path = entry.path();
      if (!entry.is_regular_file() || (path.extension() != ".h" && path.extension() != ".cpp")) {
        continue;
      }
      sources.push_back(parse(fs::relative(path, root).generic_string(), read_file(path)));
    }
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace seedbed::lint
