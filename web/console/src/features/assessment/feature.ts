import { DataAnalysis, Opportunity } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['assessment'],
  routes: [
    {
      path: '/assessment/schemes',
      name: 'schemes',
      component: () => import('./SchemesPage.vue'),
      meta: { title: 'assessment.ui.title', needs: 'assessment.scheme.read' },
    },
    {
      path: '/assessment/schemes/new',
      name: 'scheme-new',
      component: () => import('./SchemeEditor.vue'),
      meta: { title: 'assessment.ui.new', needs: 'assessment.scheme.write' },
    },
    {
      path: '/assessment/schemes/:id',
      name: 'scheme',
      component: () => import('./SchemePage.vue'),
      props: true,
      meta: { title: 'assessment.ui.title', needs: 'assessment.scheme.read' },
    },
    {
      path: '/assessment/schemes/:id/edit',
      name: 'scheme-edit',
      component: () => import('./SchemeEditor.vue'),
      props: true,
      meta: { title: 'assessment.ui.edit', needs: 'assessment.scheme.write' },
    },
    {
      path: '/assessment/surveys',
      name: 'surveys',
      component: () => import('./SurveysPage.vue'),
      meta: { title: 'assessment.survey.ui.title', needs: 'assessment.survey.read' },
    },
    {
      path: '/assessment/surveys/new',
      name: 'survey-new',
      component: () => import('./SurveyEditor.vue'),
      meta: { title: 'assessment.survey.ui.new', needs: 'assessment.survey.write' },
    },
    {
      path: '/assessment/surveys/:id',
      name: 'survey',
      component: () => import('./SurveyPage.vue'),
      props: true,
      meta: { title: 'assessment.survey.ui.title', needs: 'assessment.survey.read' },
    },
    {
      path: '/assessment/surveys/:id/edit',
      name: 'survey-edit',
      component: () => import('./SurveyEditor.vue'),
      props: true,
      meta: { title: 'assessment.survey.ui.edit', needs: 'assessment.survey.write' },
    },
    {
      path: '/assessment/surveys/:id/communities/:community',
      name: 'survey-slips',
      component: () => import('./SlipsPage.vue'),
      props: true,
      meta: { title: 'assessment.survey.ui.slips', needs: 'assessment.survey.read' },
    },
  ],
  menu: [
    { group: 'work', order: 94, route: 'schemes', title: 'ui.nav.schemes', icon: DataAnalysis, needs: 'assessment.scheme.read' },
    { group: 'work', order: 95, route: 'surveys', title: 'ui.nav.surveys', icon: Opportunity, needs: 'assessment.survey.read' },
  ],
}
