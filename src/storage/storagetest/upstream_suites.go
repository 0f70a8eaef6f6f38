package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"k8s.io/apiserver/pkg/features"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/cacher/consistency"
	"k8s.io/apiserver/pkg/storage/etcd3"
	storagetesting "k8s.io/apiserver/pkg/storage/testing"
	"k8s.io/apiserver/pkg/storage/value/encrypt/identity"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	featuregatetesting "k8s.io/component-base/featuregate/testing"

	"ark.ai/apiserver/src/storage/driver"
)

// RunUpstream runs every suite of k8s.io/apiserver/pkg/storage/testing on stores of backends that
// open makes: on the store itself, and on the store behind the watch cache. These suites define
// what an API server expects of its storage. open makes a new, empty database, and need not close
// it.
//
// The watch cache panics if it differs from what is stored, as with
// KUBE_WATCHCACHE_CONSISTENCY_CHECKER=true.
func RunUpstream(t *testing.T, open func(t *testing.T) driver.Backend) {
	if testing.Short() {
		t.Skip("upstream's suites take minutes")
	}
	// Other tests take commits away, and are about what happens until that is noticed.
	panics, period := consistency.PanicOnCacheInconsistency, consistency.CheckPeriod
	t.Cleanup(func() { consistency.PanicOnCacheInconsistency, consistency.CheckPeriod = panics, period })
	consistency.PanicOnCacheInconsistency = true
	for _, suite := range upstreamSuites {
		t.Run("Raw/"+suite.name, func(t *testing.T) {
			suite.run(t.Context(), t, func(options ...upstreamOption) *upstream {
				return newUpstream(t, open, false, append(suite.options, options...)...)
			})
		})
	}
	for _, suite := range upstreamSuites {
		if suite.rawOnly != "" {
			continue
		}
		t.Run("Cached/"+suite.name, func(t *testing.T) {
			consistency.CheckPeriod = 10 * time.Millisecond
			if suite.misnames {
				consistency.CheckPeriod = time.Hour
			}
			suite.run(t.Context(), t, func(options ...upstreamOption) *upstream {
				return newUpstream(t, open, true, append(suite.options, options...)...)
			})
		})
	}
}

type upstreamSuite struct {
	name string
	run  func(ctx context.Context, t *testing.T, open func(...upstreamOption) *upstream)
	// options of the store.
	options []upstreamOption
	// rawOnly is why a suite does not apply to a store behind the watch cache. Upstream leaves out
	// the same.
	rawOnly string
	// misnames is true if the suite stores objects under keys that are not theirs by name. No API
	// server does, and the watch cache, which makes keys of names, then rightly differs from what
	// is stored.
	misnames bool
}

type opener = func(...upstreamOption) *upstream

// on is a suite that needs nothing but a store.
func on(run func(context.Context, *testing.T, apistorage.Interface)) func(context.Context, *testing.T, opener) {
	return func(ctx context.Context, t *testing.T, open opener) {
		run(ctx, t, open().store)
	}
}

func setGate(t *testing.T, unsafeDeletion bool) {
	t.Helper()
	featuregatetesting.SetFeatureGateDuringTest(t, utilfeature.DefaultFeatureGate, features.AllowUnsafeMalformedObjectDeletion, unsafeDeletion)
}

var errCorrupt = errors.New("bits flipped")

const (
	cacheDecodes = "the watch cache answers from decoded objects, which a changed transformer does not affect"
	cacheKeeps   = "the watch cache keeps its own history, which a compaction of the database does not affect"
)

var upstreamSuites = []upstreamSuite{
	{name: "Create", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestCreate(ctx, t, u.store, u.checkKey)
	}},
	{name: "CreateWithTTL", run: on(storagetesting.RunTestCreateWithTTL)},
	{name: "CreateWithKeyExist", run: on(storagetesting.RunTestCreateWithKeyExist)},
	{name: "Get", run: on(storagetesting.RunTestGet)},
	{name: "UnconditionalDelete", run: on(storagetesting.RunTestUnconditionalDelete)},
	{name: "ConditionalDelete", run: on(storagetesting.RunTestConditionalDelete)},
	{name: "DeleteWithSuggestion", run: on(storagetesting.RunTestDeleteWithSuggestion)},
	{name: "DeleteWithSuggestionAndConflict", run: on(storagetesting.RunTestDeleteWithSuggestionAndConflict)},
	{name: "DeleteWithConflict", run: on(storagetesting.RunTestDeleteWithConflict)},
	{name: "DeleteWithSuggestionOfDeletedObject", run: on(storagetesting.RunTestDeleteWithSuggestionOfDeletedObject)},
	{name: "ValidateDeletionWithSuggestion", run: on(storagetesting.RunTestValidateDeletionWithSuggestion)},
	{name: "ValidateDeletionWithOnlySuggestionValid", run: on(storagetesting.RunTestValidateDeletionWithOnlySuggestionValid)},
	{name: "PreconditionalDeleteWithSuggestion", run: on(storagetesting.RunTestPreconditionalDeleteWithSuggestion)},
	{name: "PreconditionalDeleteWithOnlySuggestionPass", run: on(storagetesting.RunTestPreconditionalDeleteWithOnlySuggestionPass)},
	{name: "List", run: func(ctx context.Context, t *testing.T, open opener) {
		for _, snapshots := range []bool{false, true} {
			t.Run(nameOf("ListFromCacheSnapshot", snapshots), func(t *testing.T) {
				featuregatetesting.SetFeatureGateDuringTest(t, utilfeature.DefaultFeatureGate, features.ListFromCacheSnapshot, snapshots)
				u := open()
				storagetesting.RunTestList(ctx, t, u.store, u.compact, u.delegator != nil, u.recorder)
			})
		}
	}},
	{name: "ConsistentList", run: func(ctx context.Context, t *testing.T, open opener) {
		for _, snapshots := range []bool{false, true} {
			t.Run(nameOf("ListFromCacheSnapshot", snapshots), func(t *testing.T) {
				featuregatetesting.SetFeatureGateDuringTest(t, utilfeature.DefaultFeatureGate, features.ListFromCacheSnapshot, snapshots)
				u := open()
				cached := u.delegator != nil
				storagetesting.RunTestConsistentList(ctx, t, u.store, u.increaseRevision, cached, true, cached && snapshots)
			})
		}
	}},
	{name: "GetListNonRecursive", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestGetListNonRecursive(ctx, t, u.increaseRevision, u.store)
	}},
	{name: "GetListRecursivePrefix", run: on(storagetesting.RunTestGetListRecursivePrefix)},
	{name: "ListPaging", run: on(storagetesting.RunTestListPaging)},
	{name: "ListContinuation", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestListContinuation(ctx, t, u.store, u.checkCalls)
	}},
	{name: "ListPaginationRareObject", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestListPaginationRareObject(ctx, t, u.store, u.checkCalls)
	}},
	{name: "ListContinuationWithFilter", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestListContinuationWithFilter(ctx, t, u.store, u.checkCalls)
	}},
	{name: "ListInconsistentContinuation", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestListInconsistentContinuation(ctx, t, u.store, u.compact)
	}, rawOnly: cacheKeeps},
	{name: "ListResourceVersionMatch", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestListResourceVersionMatch(ctx, t, withPrefixTransformer{u.store, u})
	}, rawOnly: cacheDecodes},
	{name: "NamespaceScopedList", run: on(storagetesting.RunTestNamespaceScopedList), options: []upstreamOption{withIndexes}},
	{name: "CompactRevision", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestCompactRevision(ctx, t, u.store, u.increaseRevision, u.compact)
	}},
	{name: "KeySchema", run: on(storagetesting.RunTestKeySchema), misnames: true},
	{name: "GuaranteedUpdate", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestGuaranteedUpdate(ctx, t, withPrefixTransformer{u.store, u}, u.checkKey)
	}, rawOnly: cacheDecodes},
	{name: "GuaranteedUpdateWithTTL", run: on(storagetesting.RunTestGuaranteedUpdateWithTTL)},
	{name: "GuaranteedUpdateChecksStoredData", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestGuaranteedUpdateChecksStoredData(ctx, t, withPrefixTransformer{u.store, u})
	}, rawOnly: cacheDecodes},
	{name: "GuaranteedUpdateWithConflict", run: on(storagetesting.RunTestGuaranteedUpdateWithConflict), misnames: true},
	{name: "GuaranteedUpdateWithSuggestionAndConflict", run: on(storagetesting.RunTestGuaranteedUpdateWithSuggestionAndConflict)},
	{name: "TransformationFailure", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestTransformationFailure(ctx, t, withPrefixTransformer{u.store, u})
	}, rawOnly: cacheDecodes},
	{name: "Stats", run: func(ctx context.Context, t *testing.T, open opener) {
		for _, sized := range []bool{false, true} {
			t.Run(nameOf("SizeBasedListCostEstimate", sized), func(t *testing.T) {
				featuregatetesting.SetFeatureGateDuringTest(t, utilfeature.DefaultFeatureGate, features.SizeBasedListCostEstimate, sized)
				u := open()
				if sized && u.delegator == nil {
					keys := func(context.Context) ([]string, error) { return nil, nil }
					if err := u.store.EnableResourceSizeEstimation(keys); err != nil {
						t.Fatal(err)
					}
				}
				storagetesting.RunTestStats(ctx, t, u.store, u.codec, u.transformer, sized)
			})
		}
	}},

	{name: "DeleteWithConflictAndMissingExpectedTransformOrDecodeError", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, true)
		u := open(withTransformer(identity.NewEncryptCheckTransformer()))
		storagetesting.RunTestDeleteWithConflictAndMissingExpectedTransformOrDecodeError(ctx, t, u.store, u.transformer.failing.Store)
	}},
	{name: "DeleteExpectedTransformError", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, true)
		u := open(withTransformer(identity.NewEncryptCheckTransformer()))
		storagetesting.RunTestDeleteExpectedTransformOrDecodeError(ctx, t, u.store, u.transformer.failing.Store)
	}},
	{name: "DeleteExpectedDecodeError", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, true)
		etcd3.TestOnlySetFatalOnDecodeError(t, false) // as upstream's own test of the watch cache does
		u := open()
		storagetesting.RunTestDeleteExpectedTransformOrDecodeError(ctx, t, u.store, u.codec.failing.Store)
	}},
	{name: "DeleteWithSuggestionAndMissingExpectedTransformOrDecodeError", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, true)
		storagetesting.RunTestDeleteWithSuggestionAndMissingExpectedTransformOrDecodeError(ctx, t, open().store)
	}},
	{name: "GetListWithErrorAggregation", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, true)
		u := open()
		storagetesting.RunTestGetListWithErrorAggregation(ctx, t, withTransformerOverride{u.store, u}, errCorrupt)
	}, rawOnly: cacheDecodes},
	{name: "GetListWithoutErrorAggregation", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, false)
		u := open()
		storagetesting.RunTestGetListWithoutErrorAggregation(ctx, t, withTransformerOverride{u.store, u}, errCorrupt)
	}, rawOnly: cacheDecodes},
	{name: "WatchWithUnsafeDelete", run: func(ctx context.Context, t *testing.T, open opener) {
		setGate(t, true)
		u := open()
		storagetesting.RunTestWatchWithUnsafeDelete(ctx, t, withTransformerOverride{u.store, u}, errCorrupt)
	}, rawOnly: cacheDecodes},

	{name: "Watch", run: on(storagetesting.RunTestWatch)},
	{name: "WatchFromZero", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		compact := u.compact
		if u.delegator != nil {
			compact = nil // the suite leaves its last part out: cacheKeeps
		}
		storagetesting.RunTestWatchFromZero(ctx, t, u.store, compact)
	}},
	{name: "DeleteTriggerWatch", run: on(storagetesting.RunTestDeleteTriggerWatch)},
	{name: "WatchFromNonZero", run: on(storagetesting.RunTestWatchFromNonZero)},
	{name: "DelayedWatchDelivery", run: on(storagetesting.RunTestDelayedWatchDelivery)},
	{name: "WatchError", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestWatchError(ctx, t, withPrefixTransformer{u.store, u})
	}, rawOnly: cacheDecodes},
	{name: "WatchErrorIsBlockingFurtherEvents", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunWatchErrorIsBlockingFurtherEvents(ctx, t, withPrefixTransformer{u.store, u})
	}, rawOnly: cacheDecodes},
	{name: "WatchContextCancel", run: on(storagetesting.RunTestWatchContextCancel),
		rawOnly: "the watch cache answers a watch with a cancelled context before it looks at the context"},
	{name: "WatcherTimeout", run: on(storagetesting.RunTestWatcherTimeout)},
	{name: "WatchDeleteEventObjectHaveLatestRV", run: on(storagetesting.RunTestWatchDeleteEventObjectHaveLatestRV)},
	{name: "WatchInitializationSignal", run: on(storagetesting.RunTestWatchInitializationSignal)},
	{name: "ProgressNotify", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunOptionalTestProgressNotify(ctx, t, u.store, u.increaseRevision)
	}, rawOnly: "the option is for the watch cache's own watch, its clients get bookmarks"},
	{name: "ClusterScopedWatch", run: on(storagetesting.RunTestClusterScopedWatch), options: []upstreamOption{withClusterScope, withIndexes}},
	{name: "NamespaceScopedWatch", run: on(storagetesting.RunTestNamespaceScopedWatch), options: []upstreamOption{withIndexes}},
	{name: "WatchDispatchBookmarkEvents", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		storagetesting.RunTestWatchDispatchBookmarkEvents(ctx, t, u.store, u.delegator != nil)
	}},
	{name: "WatchBookmarksWithCorrectResourceVersion", run: func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		if u.delegator == nil {
			return // without the watch cache clients get no bookmarks, as with etcd
		}
		storagetesting.RunTestOptionalWatchBookmarksWithCorrectResourceVersion(ctx, t, u.store)
	}},
	{name: "SendInitialEventsBackwardCompatibility", run: on(storagetesting.RunSendInitialEventsBackwardCompatibility)},
	{name: "WatchSemantics", run: watchList(storagetesting.RunWatchSemantics)},
	{name: "WatchSemanticInitialEventsExtended", run: watchList(storagetesting.RunWatchSemanticInitialEventsExtended)},
	{name: "WatchListMatchSingle", run: watchList(storagetesting.RunWatchListMatchSingle)},
}

// watchList is a suite that expects the watch cache to know of an object once it is created.
func watchList(run func(context.Context, *testing.T, apistorage.Interface)) func(context.Context, *testing.T, opener) {
	return func(ctx context.Context, t *testing.T, open opener) {
		u := open()
		store := u.store
		if u.delegator != nil {
			store = createdInCache{store}
		}
		run(ctx, t, store)
	}
}

func nameOf(gate string, value bool) string {
	if value {
		return gate + "=true"
	}
	return gate + "=false"
}
