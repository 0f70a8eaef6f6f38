package environment

import "context"

func (r *Running) startEmpty(ctx context.Context) error {
	cluster, err := r.startCluster(ctx)
	if err != nil {
		return err
	}
	return r.startControllers(ctx, cluster)
}
