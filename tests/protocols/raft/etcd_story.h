// What etcd's interaction tests say of each server: the expected output of their commands, read.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "protocols/raft/messages.h"
#include "tests/protocols/raft/datadriven.h"

namespace seedbed::raft {

struct Known {
  std::optional<std::string> role, members;  // in our words
  std::optional<Term> term;
  std::optional<Index> commit, match;
  std::optional<LogPosition> last;
  std::optional<NodeId> vote, leader;
  std::optional<bool> votes;
};

/// What was sent and how often: "1->2 MsgVote Term:1". Entries, or a snapshot instead of them,
/// count once.
using Sent = std::map<std::string, int>;
constexpr auto kEntries = "MsgApp";
/// Nothing for "".
void add(Sent& sent, const std::string& message);

class TheirStory {
 public:
  void read(const testing::DataCase& c);
  void forget();

  std::map<std::uint32_t, Known> known;
  Sent sent;

 private:
  void read_line(const std::string& line);
  void read_news(const std::string& line);
  void read_message(const std::string& line);

  std::uint32_t node_ = 0;
  std::string section_;
};

/// "7", which follows `label` in `line`; "" where there is no such label.
std::string number_after(const std::string& line, const std::string& label);
/// The n-th word, from 0; the last one if there are fewer.
std::string word(const std::string& line, std::size_t n);
std::uint32_t id_of(const std::string& text);

}  // namespace seedbed::raft
