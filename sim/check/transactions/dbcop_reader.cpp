#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "sim/check/transactions/readers.h"

namespace seedbed::txn {

using history::BadHistory;

namespace {

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t offset() const { return next_; }
  bool at_end() const { return next_ == bytes_.size(); }

  std::uint64_t number(const char* what) {
    need(8, what);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[next_ + i])} << (8 * i);
    }
    next_ += 8;
    return value;
  }
  bool flag(const char* what) {
    need(1, what);
    const char c = bytes_[next_];
    if (c != 0 && c != 1) {
      throw BadHistory(
          next_, fmt::format("{} is {}, neither 0 nor 1", what, static_cast<unsigned char>(c)));
    }
    return bytes_[next_++] == 1;
  }
  void skip_string(const char* what) {
    const std::uint64_t length = number(what);
    need(length, what);
    next_ += length;
  }
  /// How many of something follow, each of which takes at least `least` bytes.
  std::uint64_t count(std::uint64_t least, const char* what) {
    const std::size_t at = next_;
    const std::uint64_t n = number(what);
    if (n > (bytes_.size() - next_) / least) {
      throw BadHistory(at, fmt::format("{} {} do not fit into the {} bytes that follow", n, what,
                                       bytes_.size() - next_));
    }
    return n;
  }

 private:
  void need(std::uint64_t n, const char* what) const {
    if (n > bytes_.size() - next_) {
      throw BadHistory(next_, fmt::format("the file ends within {}", what));
    }
  }

  std::string_view bytes_;
  std::size_t next_ = 0;
};

constexpr std::uint64_t kEventBytes = 18;
constexpr std::uint64_t kTransactionBytes = 9;
constexpr std::uint64_t kSessionBytes = 8;

void read_transaction(Bytes& in, Id session, History& h) {
  struct Event {
    bool write = false, success = false;
    std::uint64_t variable = 0, value = 0;
  };
  const std::size_t offset = in.offset();
  std::vector<Event> events(in.count(kEventBytes, "events"));
  for (Event& e : events) {
    e.write = in.flag("an event's kind");
    e.variable = in.number("a variable");
    e.value = in.number("a value");
    e.success = in.flag("an event's success");
  }
  const bool success = in.flag("a transaction's success");
  h.begin({.session = session,
           .outcome = success ? Outcome::kOk : Outcome::kAborted,
           .offset = offset});
  for (const Event& e : events) {
    if (!e.success) continue;
    const std::string key = std::to_string(e.variable), value = std::to_string(e.value);
    e.write ? h.write(key, value) : h.read(key, value);
  }
}

}  // namespace

History read_dbcop(std::string_view bytes, const std::string& initial) {
  Bytes in(bytes);
  for (const char* what : {"the id", "the number of nodes", "the number of variables",
                           "the number of transactions", "the number of events"}) {
    in.number(what);
  }
  for (const char* what : {"the information", "the start", "the end"}) in.skip_string(what);
  History h({.model = Model::kRegister, .initial = initial, .timed = false, .partial = false});
  const std::uint64_t sessions = in.count(kSessionBytes, "sessions");
  for (Id session = 0; session < sessions; ++session) {
    const std::uint64_t transactions = in.count(kTransactionBytes, "transactions");
    for (std::uint64_t t = 0; t < transactions; ++t) read_transaction(in, session, h);
  }
  if (!in.at_end()) throw BadHistory(in.offset(), "there is more after the last session");
  return h;
}

}  // namespace seedbed::txn
