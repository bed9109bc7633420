/* routes.c - every address there is; those asked for most stand first */
#include "api/call.h"

extern const struct api_route api_tree_routes[], api_product_routes[], api_queue_routes[],
    api_approval_routes[], api_decision_routes[], api_advice_routes[], api_shop_routes[],
    api_rule_routes[], api_job_routes[], api_start_routes[], api_connect_routes[],
    api_run_routes[], api_people_routes[], api_hook_routes[], api_overview_routes[],
    api_about_routes[], api_sharing_routes[], api_file_routes[], api_past_routes[],
    api_deciding_routes[], api_batch_routes[], api_image_routes[], api_import_routes[],
    api_attribute_routes[], api_open_attribute_routes[], api_work_routes[],
    api_top_routes[], api_brand_routes[], api_model_routes[], api_label_routes[],
    api_snapshot_routes[], api_token_routes[];

const struct api_route *const api_tables[] = {
    api_tree_routes,     api_product_routes,   api_queue_routes,
    api_approval_routes, api_deciding_routes,  api_decision_routes,
    api_batch_routes,    api_image_routes,     api_advice_routes,
    api_rule_routes,     api_shop_routes,      api_connect_routes,
    api_run_routes,      api_job_routes,       api_start_routes,
    api_people_routes,   api_token_routes,     api_hook_routes,
    api_overview_routes, api_sharing_routes,   api_about_routes,
    api_file_routes,     api_import_routes,    api_past_routes,
    api_snapshot_routes, api_attribute_routes, api_open_attribute_routes,
    api_work_routes,     api_top_routes,       api_brand_routes,
    api_model_routes,    api_label_routes,     NULL,
};
