#include "sim/world/kv_store.h"

#include <gtest/gtest.h>

namespace seedbed::kv {
namespace {

constexpr NodeId kClient{9};

Request request(std::uint64_t sequence, Command command, std::uint64_t lowest_open = 0) {
  return {.id = {kClient, sequence}, .lowest_open = lowest_open, .command = command};
}

TEST(KvStore, ReadsWritesAndCompares) {
  Store store;
  EXPECT_EQ(store.apply(request(0, {Function::kRead, 1, kNil, kNil}))->value, kNil);
  EXPECT_EQ(store.apply(request(1, {Function::kWrite, 1, 5, kNil}))->outcome, Outcome::kDone);
  EXPECT_EQ(store.apply(request(2, {Function::kCas, 1, 6, 4}))->outcome, Outcome::kMismatch);
  EXPECT_EQ(store.apply(request(3, {Function::kCas, 1, 6, 5}))->outcome, Outcome::kDone);
  EXPECT_EQ(store.apply(request(4, {Function::kRead, 1, kNil, kNil}))->value, 6);
  EXPECT_EQ(store.read(2), kNil);
}

// Section 6.3 of the dissertation: a duplicate gets the answer of the first, and changes nothing.
TEST(KvStore, ARequestTakesEffectOnce) {
  Store store;
  const Request write = request(0, {Function::kWrite, 1, 5, kNil});
  store.apply(write);
  store.apply(request(1, {Function::kWrite, 1, 6, kNil}));
  EXPECT_EQ(store.apply(write)->outcome, Outcome::kDone);
  EXPECT_EQ(store.read(1), 6);
  EXPECT_TRUE(store.answer_to(write));
}

TEST(KvStore, WhatTheClientGaveUpNeverTakesEffectLater) {
  Store store;
  store.apply(request(1, {Function::kWrite, 1, 6, kNil}, 1));
  const Request old = request(0, {Function::kWrite, 1, 5, kNil});
  EXPECT_FALSE(store.apply(old));
  EXPECT_EQ(store.read(1), 6);
  EXPECT_FALSE(store.answer_to(old));
}

/// A write in a session that was opened.
Request in_session(SessionId session, std::uint64_t sequence, Value value) {
  Request write = request(sequence, {Function::kWrite, 1, value, kNil});
  write.session = session;
  return write;
}

TEST(KvStore, AnExpiredSessionIsNotTakenForANewOne) {
  Store store;
  store.open_session(kClient, 7, 0_ms);
  EXPECT_EQ(store.apply(in_session(7, 0, 5), 10_ms)->outcome, Outcome::kDone);
  store.expire_sessions(10_ms);
  EXPECT_TRUE(store.knows(kClient, 7)) << "active at 10 ms: not before the deadline";
  store.expire_sessions(11_ms);
  EXPECT_EQ(store.apply(in_session(7, 0, 5), 12_ms)->outcome, Outcome::kExpired)
      << "a late duplicate must not take effect again";
  EXPECT_EQ(store.apply(in_session(8, 1, 6), 12_ms)->outcome, Outcome::kExpired);
  EXPECT_EQ(store.read(1), 5);
}

TEST(KvStore, SessionsOfItsOwnDoNotExpire) {
  Store store;
  store.apply(request(0, {Function::kWrite, 1, 5, kNil}), 0_ms);
  store.expire_sessions(1000_ms);
  EXPECT_TRUE(store.answer_to(request(0, {})));
}

TEST(KvStore, AnImageIsTheWholeState) {
  Store store;
  store.open_session(kClient, 7, 0_ms);
  store.apply(in_session(7, 3, 5), 10_ms);
  store.apply(request(0, {Function::kWrite, 2, 6, kNil}), 20_ms);
  store.apply(request(1, {Function::kCas, 2, 9, 8}, 1), 30_ms);
  Store copy(store.image());
  EXPECT_EQ(copy.image(), store.image());
  EXPECT_EQ(copy.read(2), 6);
  EXPECT_EQ(copy.apply(in_session(7, 3, 5), 40_ms)->outcome, Outcome::kDone) << "remembered";
  EXPECT_FALSE(copy.apply(request(0, {Function::kWrite, 2, 4, kNil}))) << "given up";
  copy.expire_sessions(35_ms);
  EXPECT_TRUE(copy.knows(kClient, 7)) << "its last activity is part of the image";
}

}  // namespace
}  // namespace seedbed::kv
