// Package cloudwatchlogs stands in for the real one: `pulumi logs` finds none of AWS.
package cloudwatchlogs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Client asks nobody.
type Client struct{}

// NewFromConfig gives the client.
func NewFromConfig(aws.Config) *Client { return &Client{} }

// FilterLogEventsInput is what is not asked.
type FilterLogEventsInput struct {
	LogGroupName       *string
	StartTime, EndTime *int64
}

// FilterLogEventsOutput is what is not answered.
type FilterLogEventsOutput struct{ Events []types.FilteredLogEvent }

// FilterLogEventsPaginator has no pages.
type FilterLogEventsPaginator struct{}

// NewFilterLogEventsPaginator gives one.
func NewFilterLogEventsPaginator(*Client, *FilterLogEventsInput) *FilterLogEventsPaginator {
	return &FilterLogEventsPaginator{}
}

// HasMorePages says that there are none.
func (*FilterLogEventsPaginator) HasMorePages() bool { return false }

// NextPage is never asked for.
func (*FilterLogEventsPaginator) NextPage(context.Context) (*FilterLogEventsOutput, error) {
	return &FilterLogEventsOutput{}, nil
}
