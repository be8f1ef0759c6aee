// A value of a recorded history, as EDN or JSON have it: a small view into memory of an Arena or of
// the text that it was read from. A list's items, and a map's keys and values in turn, lie side by
// side. EDN: github.com/edn-format/edn; JSON: RFC 8259.
//
//   if (const Value* f = map.get("f"); f != nullptr && f->is("cas"))
//   use(map.get("value")->items()); throw BadHistory(*f, fmt::format("'{}' is no operation of a
//   queue", to_text(*f)));
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed::history {

class Value {
 public:
  enum class Kind : std::uint8_t {
    kNil,
    kBoolean,
    kInteger,
    kNumber,  // one that is no 64-bit integer: its text
    kString,
    kKeyword,  // its text without the colon
    kSymbol,
    kList,  // (...) and [...]
    kSet,
    kMap,
  };

  Value() = default;  // nil
  static Value of(std::int64_t integer) {
    Value v(Kind::kInteger);
    v.integer_ = integer;
    return v;
  }
  static Value of(bool boolean) {
    Value v(Kind::kBoolean);
    v.integer_ = boolean ? 1 : 0;
    return v;
  }
  static Value of(Kind kind, std::string_view text) {
    Value v(kind);
    v.text_ = text.data();
    v.size_ = static_cast<std::uint32_t>(text.size());
    return v;
  }
  static Value of(Kind kind, std::span<const Value> items) {
    Value v(kind);
    v.items_ = items.data();
    v.size_ = static_cast<std::uint32_t>(items.size());
    return v;
  }

  Kind kind() const { return kind_; }
  bool is_nil() const { return kind_ == Kind::kNil; }
  bool is_boolean() const { return kind_ == Kind::kBoolean; }
  bool is_integer() const { return kind_ == Kind::kInteger; }
  bool is_map() const { return kind_ == Kind::kMap; }
  bool is_list() const { return kind_ == Kind::kList; }
  /// A list or a set.
  bool has_items() const { return kind_ == Kind::kList || kind_ == Kind::kSet; }
  /// A string, keyword or symbol; JSON has only the first.
  bool is_text() const { return kind_ >= Kind::kString && kind_ <= Kind::kSymbol; }
  /// It is this word, whichever kind of text.
  bool is(std::string_view word) const { return is_text() && text() == word; }

  /// Of an integer or a boolean.
  std::int64_t integer() const { return integer_; }
  std::string_view text() const { return {text_, size_}; }
  /// Of a list, a set or a map (key, value, key, value); empty for anything else.
  std::span<const Value> items() const {
    return kind_ >= Kind::kList ? std::span(items_, size_) : std::span<const Value>();
  }
  /// What a map holds under a word; null where it has none, or this is no map.
  const Value* get(std::string_view key) const;

  /// Where it stands in the text, in bytes.
  std::uint64_t offset() const { return offset_; }
  void set_offset(std::uint64_t offset) { offset_ = offset; }

  /// Alike in content, wherever they stand; texts of any kind are alike, a set's order counts.
  friend bool operator==(const Value& a, const Value& b);

 private:
  explicit Value(Kind kind) : kind_(kind) {}

  union {
    std::int64_t integer_ = 0;
    const char* text_;
    const Value* items_;
  };
  std::uint64_t offset_ = 0;
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kNil;
};

std::uint64_t hash_of(const Value& value);
/// As EDN, cut off after `most` characters.
std::string to_text(const Value& value, std::size_t most = 80);

/// Memory for values and their text, given back all at once.
class Arena {
 public:
  std::span<const Value> keep(std::span<const Value> items);
  std::string_view keep(std::string_view text);
  /// A copy that needs nothing but this arena.
  Value copy(const Value& value);
  void clear();
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kChunk = std::size_t{64} << 10;

  void* allocate(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t free_ = 0;
  std::size_t bytes_ = 0;
};

/// What is wrong with a history, and at which byte of its text.
class BadHistory : public std::runtime_error {
 public:
  BadHistory(std::uint64_t offset, const std::string& what)
      : std::runtime_error(what), offset_(offset) {}
  BadHistory(const Value& at, const std::string& what) : BadHistory(at.offset(), what) {}
  std::uint64_t offset() const { return offset_; }

 private:
  std::uint64_t offset_;
};

/// Both count from 1.
struct Place {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
};
Place place_of(std::string_view text, std::uint64_t offset);

}  // namespace seedbed::history
