// Package types has what a log would hold.
package types

// FilteredLogEvent is a line of a log.
type FilteredLogEvent struct {
	Message   *string
	Timestamp *int64
}
