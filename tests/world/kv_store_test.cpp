#include "sim/world/kv_store.h"

#include <gtest/gtest.h>

namespace seedbed::kv {
namespace {

constexpr NodeId kClient{9};

Request request(std::uint64_t sequence, Command command, std::uint64_t lowest_open = 0) {
  return {{kClient, sequence}, lowest_open, command};
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
  EXPECT_TRUE(store.answer_to({kClient, 0}));
}

TEST(KvStore, WhatTheClientGaveUpNeverTakesEffectLater) {
  Store store;
  store.apply(request(1, {Function::kWrite, 1, 6, kNil}, 1));
  EXPECT_FALSE(store.apply(request(0, {Function::kWrite, 1, 5, kNil})));
  EXPECT_EQ(store.read(1), 6);
  EXPECT_FALSE(store.answer_to({kClient, 0}));
}

}  // namespace
}  // namespace seedbed::kv
