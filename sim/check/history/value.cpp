#include "sim/check/history/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/base/hash.h"

namespace seedbed::history {

const Value* Value::get(std::string_view key) const {
  if (!is_map()) return nullptr;
  for (std::size_t i = 0; i + 1 < size_; i += 2) {
    if (items_[i].is(key)) return &items_[i + 1];
  }
  return nullptr;
}

bool operator==(const Value& a, const Value& b) {
  using Kind = Value::Kind;
  if (a.is_text() && b.is_text()) return a.text() == b.text();
  if (a.kind_ != b.kind_) return false;
  if (a.kind_ == Kind::kNil) return true;
  if (a.kind_ == Kind::kBoolean || a.kind_ == Kind::kInteger) return a.integer_ == b.integer_;
  if (a.kind_ == Kind::kNumber) return a.text() == b.text();
  const auto x = a.items();
  const auto y = b.items();
  return std::equal(x.begin(), x.end(), y.begin(), y.end());
}

std::uint64_t hash_of(const Value& value) {
  using Kind = Value::Kind;
  if (value.is_nil()) return kGolden;
  if (value.is_boolean() || value.is_integer()) {
    return scramble(static_cast<std::uint64_t>(value.integer()) + (value.is_integer() ? 2 : 0));
  }
  if (value.is_text() || value.kind() == Kind::kNumber) {
    std::uint64_t hash = value.text().size();
    for (const char c : value.text()) hash = fold(hash, static_cast<unsigned char>(c));
    return hash;
  }
  std::uint64_t hash = static_cast<std::uint64_t>(value.kind()) + 8 * value.items().size();
  for (const Value& item : value.items()) hash = fold(hash, hash_of(item));
  return hash;
}

namespace {

void append(std::string& out, const Value& value, std::size_t most);

void append_items(std::string& out, const Value& value, std::string_view ends, std::size_t most) {
  const bool map = value.is_map();
  out += ends.substr(0, ends.size() - 1);
  std::size_t i = 0;
  for (const Value& item : value.items()) {
    if (i > 0) out += map && i % 2 == 0 ? ", " : " ";
    ++i;
    if (out.size() > most) break;
    append(out, item, most);
  }
  out += ends.back();
}

void append(std::string& out, const Value& value, std::size_t most) {
  switch (value.kind()) {
    case Value::Kind::kNil: out += "nil"; break;
    case Value::Kind::kBoolean: out += value.integer() != 0 ? "true" : "false"; break;
    case Value::Kind::kInteger: out += std::to_string(value.integer()); break;
    case Value::Kind::kString: out += fmt::format("\"{}\"", value.text()); break;
    case Value::Kind::kKeyword: out += ':'; [[fallthrough]];
    case Value::Kind::kNumber:
    case Value::Kind::kSymbol: out += value.text(); break;
    case Value::Kind::kList: append_items(out, value, "[]", most); break;
    case Value::Kind::kSet: append_items(out, value, "#{}", most); break;
    case Value::Kind::kMap: append_items(out, value, "{}", most); break;
  }
}

}  // namespace

std::string to_text(const Value& value, std::size_t most) {
  std::string text;
  append(text, value, most);
  // What is shown to people is one line, and printable.
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) >> 6) == 2) --end;  // UTF-8
  text.resize(end);
  return text + "...";
}

void* Arena::allocate(std::size_t bytes) {
  bytes = (bytes + alignof(Value) - 1) / alignof(Value) * alignof(Value);
  if (bytes > free_) {
    const std::size_t size = std::max(bytes, kChunk);
    chunks_.emplace_back(new std::byte[size]);
    bytes_ += size;
    next_ = chunks_.back().get();
    free_ = size;
  }
  free_ -= bytes;
  void* at = next_;
  next_ += bytes;
  return at;
}

std::span<const Value> Arena::keep(std::span<const Value> items) {
  if (items.empty()) return {};
  auto* at = static_cast<Value*>(allocate(items.size_bytes()));
  std::uninitialized_copy(items.begin(), items.end(), at);
  return {at, items.size()};
}

std::string_view Arena::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* at = static_cast<char*>(allocate(text.size()));
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

Value Arena::copy(const Value& value) {
  Value copied = value;
  if (value.is_text() || value.kind() == Value::Kind::kNumber) {
    copied = Value::of(value.kind(), keep(value.text()));
  } else if (!value.items().empty()) {
    auto* at = static_cast<Value*>(allocate(value.items().size_bytes()));
    for (std::size_t i = 0; i < value.items().size(); ++i)
      new (at + i) Value(copy(value.items()[i]));
    copied = Value::of(value.kind(), std::span<const Value>(at, value.items().size()));
  }
  copied.set_offset(value.offset());
  return copied;
}

void Arena::clear() {
  if (chunks_.empty()) return;
  // The first chunk serves again, unless one large value made it.
  chunks_.resize(1);
  next_ = chunks_[0].get();
  free_ = std::min(bytes_, kChunk);
  bytes_ = free_;
}

Place place_of(std::string_view text, std::uint64_t offset) {
  const std::string_view before = text.substr(0, std::min<std::uint64_t>(offset, text.size()));
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          before.size() - line_begin + 1};
}

}  // namespace seedbed::history
