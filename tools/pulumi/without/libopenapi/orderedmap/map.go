// Package orderedmap has maps that stay empty.
package orderedmap

import "iter"

// Map is always empty.
type Map[K comparable, V any] struct{}

// New gives an empty map.
func New[K comparable, V any]() *Map[K, V] { return &Map[K, V]{} }

// Len is nothing.
func Len[K comparable, V any](*Map[K, V]) int { return 0 }

// Set forgets.
func (*Map[K, V]) Set(K, V) {}

// Get finds nothing.
func (*Map[K, V]) Get(K) (found V, ok bool) { return found, false }

// GetOrZero finds nothing.
func (*Map[K, V]) GetOrZero(K) (found V) { return found }

// Delete finds nothing.
func (*Map[K, V]) Delete(K) (was V, ok bool) { return was, false }

// KeysFromOldest yields nothing.
func (*Map[K, V]) KeysFromOldest() iter.Seq[K] { return func(func(K) bool) {} }

// FromOldest yields nothing.
func (*Map[K, V]) FromOldest() iter.Seq2[K, V] { return func(func(K, V) bool) {} }
