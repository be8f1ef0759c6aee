// What is read of each format, and what is said of what cannot be. Whatever the bytes, there is a
// history or a BadHistory, and what is read can be judged.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/check/transactions/judge.h"
#include "sim/check/transactions/readers.h"

namespace seedbed::txn {
namespace {

using history::BadHistory;
using history::Syntax;

/// "s0 w x 1 | r y 2; s1 aborted w x 2".
std::string text_of(const History& h) {
  std::string text;
  for (Id t = 0; t < h.size(); ++t) {
    if (t > 0) text += "; ";
    text += "s" + std::to_string(h[t].session);
    if (h[t].outcome == Outcome::kAborted) text += " aborted";
    if (h[t].outcome == Outcome::kIndeterminate) text += " info";
    const char* between = " ";
    for (const Access& a : h.accesses(t)) {
      text += between + txn::text_of(h, a);
      between = " | ";
    }
  }
  return text;
}

template <class Read>
std::string error_of(const Read& read, std::string_view text) {
  try {
    read(text);
  } catch (const BadHistory& e) {
    const history::Place place = history::place_of(text, e.offset());
    return std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + e.what();
  }
  return "none";
}

History plume(std::string_view text) { return read_plume(text); }
History lists(std::string_view text) {
  return read_jepsen(text, Syntax::kEdn, {.model = Model::kList});
}
History registers(std::string_view text) { return read_jepsen(text, Syntax::kEdn, {}); }

TEST(TransactionReaders, Plume) {
  EXPECT_EQ(
      text_of(read_plume("# ours\nw(x,1,0,0)\nr(y,0,0,0)\r\n\nr( x , 1 ,1,1)\nw(x,2,1,-1)\n")),
      "s0 w x 1 | r y 0; s1 r x 1; s1 aborted w x 2");
  EXPECT_EQ(error_of(plume, "w(x,1,0,0)\nq(x,1,0,0)\n"),
            "2:1: 'q(x,1,0,0)' is neither r(key,value,session,txn) nor w(key,value,session,txn)");
  EXPECT_NE(error_of(plume, "w(x,1,0)"), "none");
  EXPECT_NE(error_of(plume, "w(x,1,0,0,0)"), "none");
  EXPECT_NE(error_of(plume, "w(x,,0,0)"), "none");
  EXPECT_EQ(error_of(plume, "w(x,1,0,0)\nw(x,2,0,1)\nw(y,1,0,0)\n"),
            "3:1: transaction 0 of session 0 goes on after another one: its lines must stand "
            "together");
}

TEST(TransactionReaders, Awdit) {
  EXPECT_EQ(text_of(read_awdit("r 1 1\n-----\nw 0 0\n=====\nr 0 0\nw 1 1\n")),
            "s0 r 1 1; s0 w 0 0; s1 r 0 0 | w 1 1");
  EXPECT_EQ(error_of(read_awdit, "r 1 1\nr 1\n"),
            "2:1: 'r 1' is none of 'r KEY VALUE', 'w KEY VALUE', '-----' and '====='");
}

void put(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(number >> (8 * i));
}

std::string dbcop() {
  std::string out;
  for (int i = 0; i < 5; ++i) put(out, 1);
  for (int i = 0; i < 3; ++i) {
    put(out, 2);
    out += "ab";
  }
  put(out, 1);  // sessions
  put(out, 1);  // transactions
  put(out, 2);  // events
  for (const std::uint64_t value : {7U, 8U}) {
    out += value == 7 ? '\1' : '\0';
    put(out, 3);
    put(out, value);
    out += value == 7 ? '\1' : '\0';
  }
  return out + '\1';
}

TEST(TransactionReaders, Dbcop) {
  const std::string whole = dbcop();
  EXPECT_EQ(text_of(read_dbcop(whole)), "s0 w 3 7");  // the second event failed
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(error_of([](std::string_view t) { read_dbcop(t); }, whole.substr(0, size)), "none")
        << size;
  }
  EXPECT_NE(error_of([](std::string_view t) { read_dbcop(t); }, whole + "x"), "none");
  std::string huge = whole;
  huge[70] = '\x7f';  // 2^55 sessions or more
  EXPECT_NE(error_of([](std::string_view t) { read_dbcop(t); }, huge), "none");
}

TEST(TransactionReaders, Jepsen) {
  EXPECT_EQ(
      text_of(lists("{:type :invoke, :process 0, :f :txn, :value [[:append :x 1] [:r :y nil]]}"
                    "{:type :invoke, :process :nemesis, :f :kill}"
                    "{:type :invoke, :process 1, :f :txn, :value [[:append :x 2]]}"
                    "{:type :ok, :process 0, :f :txn, :value [[:append :x 1] [:r :y [3 4]]]}"
                    "{:type :fail, :process 1, :f :txn, :value [[:append :x 2]]}"
                    "{:type :invoke, :process 0, :f :txn, :value [[:append :x 5]]}")),
      "s0 append x 1 | r y [3 4]; s1 aborted append x 2; s0 info append x 5");
  EXPECT_EQ(text_of(registers("{:type :ok, :value [[:w 1 2] [:r 1 2] [:r 2 nil] [:r 3]]}")),
            "s0 w 1 2 | r 1 2 | r 2 nil | r 3 nil");
  const std::string json =
      R"([{"type":"ok","process":3,"value":[["append","x",1],["r","x",[1]]]}])";
  EXPECT_EQ(text_of(read_jepsen(json, Syntax::kJson, {.model = Model::kList})),
            "s0 append x 1 | r x [1]");
}

TEST(TransactionReaders, JepsenErrors) {
  EXPECT_EQ(error_of(lists, "{:type :ok, :process 0,\n :value [[:w :x 1]]}"),
            "2:10: [:w :x 1] is neither [:append key value] nor [:r key value]");
  EXPECT_EQ(error_of(lists, "{:type :ok, :value [[:r :x 1]]}"), "1:28: 1 is no list");
  EXPECT_NE(error_of(lists, "{:type :ok, :value [[:append :x nil]]}"), "none");
  EXPECT_NE(error_of(lists, "{:type :ok, :value 7}"), "none");
  EXPECT_NE(error_of(lists, "{:type :odd, :value []}"), "none");
  EXPECT_NE(error_of(lists, "{:value []}"), "none");
}

/// A few bytes changed, doubled or cut off, of each format.
TEST(TransactionReaders, WhateverTheBytes) {
  const std::string jepsen =
      "{:type :invoke, :process 0, :value [[:append 1 1] [:r 2 nil]]}\n"
      "{:type :invoke, :process 1, :value [[:append 2 1]]}\n"
      "{:type :ok, :process 0, :value [[:append 1 1] [:r 2 [1]]]}\n"
      "{:type :info, :process 1, :value [[:append 2 1]]}\n";
  const std::string plume = "w(1,1,0,0)\nr(1,1,1,1)\nw(2,1,1,1)\nw(1,2,1,-1)\nr(2,0,0,2)\n";
  Rng rng(7);
  int read = 0, refused = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string originals[] = {jepsen, plume, "r 1 1\n---\nw 1 1\n===\nr 1 2\nw 1 2\n",
                                     dbcop()};
    std::string text = originals[i % 4];
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = rng.below(text.size());
      const std::uint64_t how = rng.below(4);
      if (how == 0) text.resize(at);
      if (how == 1) text[at] = static_cast<char>(rng.below(256));
      if (how == 2) text.insert(at, text.substr(at, 1 + rng.below(20)));
      if (how == 3) text.erase(at, 1 + rng.below(4));
    }
    try {
      const History h = i % 4 == 0   ? lists(text)
                        : i % 4 == 1 ? read_plume(text)
                        : i % 4 == 2 ? read_awdit(text)
                                     : read_dbcop(text);
      for (const char* level : {"read-committed", "causal", "snapshot-isolation", "serializable"}) {
        check_transactions(h, *level_named(level), {.steps = 1'000'000});
      }
      find_anomalies(h);
      ++read;
    } catch (const BadHistory& e) {
      EXPECT_LE(e.offset(), text.size());
      ++refused;
    }
  }
  EXPECT_GT(read, 1'000);
  EXPECT_GT(refused, 1'000);
}

}  // namespace
}  // namespace seedbed::txn
