#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/check/history/syntax.h"
#include "sim/check/history/value_builder.h"

namespace seedbed::history {

namespace {

using Json = nlohmann::json;
using Kind = Value::Kind;

/// Reads the text and says how far it has come: the library tells nobody where a value stands.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** reached) : at_(at), reached_(reached) {}
  const char& operator*() const { return *at_; }
  Cursor& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  bool operator==(const Cursor& other) const { return at_ == other.at_; }
  bool operator!=(const Cursor& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

/// Takes the parser's events. Names are those that the library calls.
class JsonReader {
 public:
  JsonReader(std::string_view text, const std::function<void(const Value&)>& visit)
      : text_(text), reached_(text.data()), builder_(visit) {}

  void read() {
    const char* end = text_.data() + text_.size();
    for (skip_blank(); reached_ != end; skip_blank()) {
      const char* begin = reached_;
      Json::sax_parse(Cursor(begin, &reached_), Cursor(end, &reached_), this,
                      Json::input_format_t::json, false);
    }
    builder_.finish(at());
  }

  bool null() { return add({}); }
  bool boolean(bool b) { return add(Value::of(b)); }
  bool number_integer(std::int64_t i) { return add(Value::of(i)); }
  bool number_unsigned(std::uint64_t u) {
    if (u <= static_cast<std::uint64_t>(INT64_MAX)) {
      return add(Value::of(static_cast<std::int64_t>(u)));
    }
    return number_float(0, std::to_string(u));
  }
  bool number_float(Json::number_float_t, const std::string& text) {
    return add(Value::of(Kind::kNumber, builder_.arena().keep(text)));
  }
  bool string(const std::string& text) {
    return add(Value::of(Kind::kString, builder_.arena().keep(text)));
  }
  bool binary(const Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return builder_.open(Kind::kMap, at()), true; }
  bool key(const std::string& text) { return string(text); }
  bool end_object() { return builder_.close(Kind::kMap, at()), true; }
  bool start_array(std::size_t) { return builder_.open(Kind::kList, at()), true; }
  bool end_array() { return builder_.close(Kind::kList, at()), true; }
  bool parse_error(std::size_t, const std::string& token, const Json::exception& e) {
    const bool ended = std::string_view(e.what()).find("end of input") != std::string_view::npos;
    if (ended) throw BadHistory(text_.size(), "the JSON ends too early");
    throw BadHistory(at(), fmt::format("no JSON: '{}'", printable(token)));
  }

 private:
  bool add(const Value& value) { return builder_.add(value, at()), true; }
  /// Of the last byte that was read.
  std::uint64_t at() const {
    return static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(reached_ - text_.data(), 1) - 1);
  }
  void skip_blank() {
    const char* end = text_.data() + text_.size();
    while (reached_ != end &&
           (*reached_ == ' ' || *reached_ == ',' || (*reached_ >= '\t' && *reached_ <= '\r'))) {
      ++reached_;
    }
  }
  static std::string printable(const std::string& token) {
    return to_text(Value::of(Kind::kSymbol, token), 40);
  }

  std::string_view text_;
  const char* reached_;
  ValueBuilder builder_;
};

}  // namespace

void read_json(std::string_view text, const std::function<void(const Value&)>& visit) {
  JsonReader(text, visit).read();
}

void for_each_map(std::string_view text, Syntax syntax,
                  const std::function<void(const Value& map)>& visit) {
  (syntax == Syntax::kJson ? read_json : read_edn)(text, visit);
}

void refuse_untyped(const Value& map) {
  throw BadHistory(map, map.get("history") == nullptr
                            ? "an operation without :type"
                            : "this is a case with a :history of its own: FILE#7 is the one whose "
                              ":id is 7");
}

}  // namespace seedbed::history
