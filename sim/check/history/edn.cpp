#include <fmt/format.h>

#include <charconv>

#include "sim/check/history/syntax.h"
#include "sim/check/history/value_builder.h"

namespace seedbed::history {

namespace {

using Kind = Value::Kind;

bool is_blank(char c) { return c == ' ' || c == ',' || (c >= '\t' && c <= '\r'); }
bool ends_word(char c) {
  return is_blank(c) || std::string_view("()[]{}\";").find(c) != std::string_view::npos;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t c) {
  const auto byte = [&](std::uint32_t b) { out += static_cast<char>(b); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0 | c >> 6);
    byte(0x80 | (c & 0x3f));
  } else {
    byte(0xe0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  }
}

class EdnReader {
 public:
  EdnReader(std::string_view text, const std::function<void(const Value&)>& visit)
      : text_(text), builder_(visit) {}

  void read() {
    for (skip_blank(); at_ < text_.size(); skip_blank()) read_form();
    builder_.finish(at_);
  }

 private:
  void skip_blank() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == ';') {
        at_ = std::min(text_.find('\n', at_), text_.size() - 1);
      } else if (!is_blank(text_[at_])) {
        return;
      }
    }
  }

  void read_form() {
    const std::size_t begin = at_;
    switch (text_[at_]) {
      case '{': return ++at_, builder_.open(Kind::kMap, begin);
      case '[':
      case '(': return ++at_, builder_.open(Kind::kList, begin);
      case '}': return ++at_, builder_.close_brace(begin);
      case ']':
      case ')': return ++at_, builder_.close(Kind::kList, begin);
      case '"': return read_string();
      case '#': return read_dispatch();
      case '^': return ++at_, builder_.discard_next(begin);
      case '\\': return read_character();
      default: return read_word();
    }
  }

  void read_dispatch() {
    const std::size_t begin = at_++;
    const char c = at_ < text_.size() ? text_[at_] : ' ';
    if (c == '{') return ++at_, builder_.open(Kind::kSet, begin);
    if (c == '_') return ++at_, builder_.discard_next(begin);
    if (c == '"') return read_string();
    if (c == '#') return ++at_, read_word();  // ##Inf
    if (ends_word(c)) throw BadHistory(begin, "a '#' by itself");
    word();  // a tag
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void read_word() {
    const std::size_t begin = at_;
    const std::string_view w = word();
    if (w.empty()) throw BadHistory(begin, "a '##' by itself");
    for (const char c : w) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        throw BadHistory(
            begin, fmt::format("a byte {:#04x}, which no text has", static_cast<unsigned char>(c)));
      }
    }
    builder_.add(value_of(w, begin), begin);
  }

  static Value value_of(std::string_view w, std::size_t begin) {
    if (w == "nil") return {};
    if (w == "true" || w == "false") return Value::of(w == "true");
    if (w.front() == ':') {
      if (w.size() == 1) throw BadHistory(begin, "a ':' by itself");
      return Value::of(Kind::kKeyword, w.substr(1));
    }
    const std::size_t sign = w.front() == '-' || w.front() == '+' ? 1 : 0;
    if (w.size() == sign || !is_digit(w[sign])) return Value::of(Kind::kSymbol, w);
    std::string_view digits = w.front() == '+' ? w.substr(1) : w;
    if (digits.back() == 'N') digits.remove_suffix(1);
    std::int64_t integer = 0;
    const char* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, integer);
    if (error == std::errc{} && rest == end) return Value::of(integer);
    return Value::of(Kind::kNumber, w);
  }

  void read_character() {
    const std::size_t begin = at_++;
    if (at_ == text_.size()) throw BadHistory(begin, "a '\\' by itself");
    const std::size_t first = at_++;
    while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
    builder_.add(Value::of(Kind::kString, text_.substr(first, at_ - first)), begin);
  }

  void read_string() {
    const std::size_t begin = at_++;
    const std::size_t first = at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') ++at_;
    std::string_view text = text_.substr(first, at_ - first);
    if (at_ < text_.size() && text_[at_] == '\\') text = unescape(first);
    if (at_ >= text_.size()) throw BadHistory(begin, "this string never ends");
    ++at_;
    builder_.add(Value::of(Kind::kString, text), begin);
  }

  /// A string with escapes, up to its closing quote.
  std::string_view unescape(std::size_t first) {
    std::string out;
    for (at_ = first; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\') {
        out += text_[at_];
        continue;
      }
      if (++at_ == text_.size()) break;
      const std::size_t named = std::string_view("nrtbf").find(text_[at_]);
      if (named != std::string_view::npos) {
        out += "\n\r\t\b\f"[named];
      } else if (text_[at_] == 'u') {
        append_utf8(out, hexadecimal());
      } else {
        out += text_[at_];
      }
    }
    return builder_.arena().keep(out);
  }

  /// The four digits after a \u; stands on the last of them.
  std::uint32_t hexadecimal() {
    std::uint32_t c = 0;
    const char* begin = text_.data() + at_ + 1;
    const std::size_t size = std::min<std::size_t>(4, text_.size() - at_ - 1);
    const auto [rest, error] = std::from_chars(begin, begin + size, c, 16);
    if (error != std::errc{} || rest != begin + 4) {
      throw BadHistory(at_ - 1, "a \\u wants four hexadecimal digits");
    }
    at_ += 4;
    return c;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  ValueBuilder builder_;
};

}  // namespace

void read_edn(std::string_view text, const std::function<void(const Value&)>& visit) {
  EdnReader(text, visit).read();
}

}  // namespace seedbed::history
