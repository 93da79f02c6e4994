// Package sigv4 stands in for the real one (Apache-2.0), whose configuration it reads as ever; it
// signs nothing.
package sigv4

import (
	"errors"
	"net/http"

	"github.com/prometheus/common/config"
)

// SigV4Config is the part of a configuration.
type SigV4Config struct {
	Region             string        `yaml:"region,omitempty"`
	AccessKey          string        `yaml:"access_key,omitempty"`
	SecretKey          config.Secret `yaml:"secret_key,omitempty"`
	Profile            string        `yaml:"profile,omitempty"`
	RoleARN            string        `yaml:"role_arn,omitempty"`
	ExternalID         string        `yaml:"external_id,omitempty"`
	UseFIPSSTSEndpoint bool          `yaml:"use_fips_sts_endpoint,omitempty"`
	ServiceName        string        `yaml:"service_name,omitempty"`
}

// Validate says what is wrong, as the real one does.
func (c *SigV4Config) Validate() error {
	if (c.AccessKey == "") != (c.SecretKey == "") {
		return errors.New("must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config")
	}
	if c.ExternalID != "" && c.RoleARN == "" {
		return errors.New("external_id can only be used with role_arn")
	}
	return nil
}

// UnmarshalYAML reads and validates.
func (c *SigV4Config) UnmarshalYAML(unmarshal func(any) error) error {
	type plain SigV4Config
	*c = SigV4Config{}
	if err := unmarshal((*plain)(c)); err != nil {
		return err
	}
	return c.Validate()
}

// NewSigV4RoundTripper always fails.
func NewSigV4RoundTripper(*SigV4Config, http.RoundTripper) (http.RoundTripper, error) {
	return nil, errors.New("this promtool was built by Belfry, which signs nothing for AWS")
}
